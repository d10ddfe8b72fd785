"""The rights of data subjects: overview, export, access report, rectification, legal holds, retention, erasure."""
