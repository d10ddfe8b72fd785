"""The sealed log: each record a leaf of an RFC 6962 Merkle tree; signed checkpoints, proofs, verification (rule L2)."""

from bot.transparency_log.sequencer import Sequencer

__all__ = ["Sequencer"]
