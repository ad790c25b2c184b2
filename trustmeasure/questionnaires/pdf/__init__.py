"""The printed form as PDF; loaded only when one is written."""
