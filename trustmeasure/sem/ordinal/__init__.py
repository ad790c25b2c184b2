"""Ordinal variables: answers in categories, taken as cuts through continuous responses y*.

Muthen (1984, Psychometrika 49(1), 115-132): `y = c` where `tau_c < y* < tau_c+1`. The model is one of y*;
what it implies for the sample are thresholds, slopes and correlations of responses whose variance is 1.
"""
