"""The GraphQL schema. Names are prefixed `Ims`/`ims_`: a name used twice breaks NetBox's whole schema."""
