"""Starts NetBox with this plugin on its own PostgreSQL and Valkey: no services to install, no containers.

This process never imports NetBox or Django: it must be able to say what is wrong when they do not start.
"""
