"""Custom actions: thin glue between the tracker and `wrist`, one file a capability."""
