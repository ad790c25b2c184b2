"""How often tests of differential item functioning find planted items, and flag others."""
