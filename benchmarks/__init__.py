"""Speed, robustness and coverage of the engine, against its peers. `make bench` runs the speed part."""
