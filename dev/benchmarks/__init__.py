"""`dev/bench`: is it still fast at a million CIs?

Every figure is a ratio of two things measured in one run, mostly of what this plugin does to what NetBox itself does
on the same data, so that it means the same on a slow machine and a fast one.

    sizes, databases    the databases it measures in, made once and kept
    estate, bulk, make  what such a database holds, and how it gets there quickly
    rows/               what is measured, against what, and how much it may cost: one function per row
    meters, measure     how it is measured
    report              what the reader gets
"""
