"""The version of the software, named in every answer's provenance."""

VERSION = "0.1.0"
