"""The rights of data subjects, erasure apart: overview, export, access report, rectification, holds, retention."""
