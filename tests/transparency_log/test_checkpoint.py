"""Signed checkpoints: those of the C2SP formats byte for byte, and nothing else is taken for one."""

from __future__ import annotations

import base64

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from bot.transparency_log import merkle
from bot.transparency_log.checkpoint import Checkpoint, CheckpointInvalid, Signer, Verifier
from tests.transparency_log.trees import node_of

ORIGIN = "bot.example.com/decisions"
NOTE = """bot.example.com/decisions
2
sTeYX/SE+2ANuTEHx3sDZcgNePW0Kd7Q/Zc2HQd5mes=

— bot.example.com/decisions 8oysX3ywRkW+WwEHEs5VCfKfkApyCKUgTs4+N3M2eLJ6M84Wslkbeflqd667RxHYxTdWRBf0tEau2S4j8X29IPEzcAE=
"""
"""The worked example: a seed of zeros, the leaves "a" and "b"."""
KEY = "bot.example.com/decisions+f28cac5f+ATtqJ7zOtqQtYqOo0CpvDXNlMhV3HeJDpjrASKGLWdop"
SIGNER = Signer(ORIGIN, bytes(32))
ROOT = merkle.root(2, node_of([merkle.leaf_hash(b"a"), merkle.leaf_hash(b"b")]))
STRANGER = "— witness.example/w1 " + base64.b64encode(b"\x00\x01\x02\x03" + bytes(64)).decode() + "\n"


def test_the_worked_example_is_signed_byte_for_byte() -> None:
    assert SIGNER.sign(2, ROOT) == NOTE
    assert SIGNER.verifier_key == KEY


def test_the_worked_example_is_opened() -> None:
    assert Verifier(KEY).open(NOTE) == Checkpoint(ORIGIN, 2, ROOT)


@pytest.mark.parametrize(
    "key",
    [
        "sum.golang.org+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8",
        "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
    ],
)
def test_verifier_keys_that_others_publish_are_understood(key: str) -> None:
    """Go's module database and the example of its package `note`: key ids come out as theirs do."""
    assert Verifier(key).name == key.partition("+")[0]


def test_a_note_that_others_signed_verifies_and_is_no_checkpoint() -> None:
    """The example of Go's package `note`: what fails is its content, not its signature."""
    text = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n"
    signature = "x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM="
    key = Verifier("PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW")
    with pytest.raises(CheckpointInvalid, match="not well-formed"):
        key.open(f"{text}\n— PeterNeumann {signature}\n")
    with pytest.raises(CheckpointInvalid, match="not signed"):
        key.open(f"{text.replace('you', 'we')}\n— PeterNeumann {signature}\n")


def test_signatures_of_others_are_passed_over() -> None:
    """A witness may add its own before or after ours."""
    body, ours = NOTE.split("\n\n")
    assert Verifier(KEY).open(NOTE + STRANGER).size == 2
    assert Verifier(KEY).open(f"{body}\n\n{STRANGER}{ours}").size == 2


def test_a_line_that_is_no_signature_makes_the_note_none() -> None:
    for line in (
        "more text\n",
        "- w AAAA\n",
        "— w AAAA\n",
        STRANGER.replace("w1", "w\0"),
        STRANGER.replace("w1", "w+"),
    ):
        refused(NOTE + line)


@given(place=st.integers(0, len(NOTE) - 1), other=st.characters(codec="utf-8"))
def test_a_note_with_any_character_changed_is_refused(place: int, other: str) -> None:
    changed = NOTE[:place] + other + NOTE[place + 1 :]
    if changed != NOTE:
        refused(changed)


@given(place=st.integers(0, len(NOTE)), other=st.characters(codec="utf-8"))
def test_a_note_with_any_character_added_is_refused(place: int, other: str) -> None:
    refused(NOTE[:place] + other + NOTE[place:])


@given(place=st.integers(0, len(NOTE) - 1))
def test_a_note_with_any_character_left_out_or_cut_off_is_refused(place: int) -> None:
    refused(NOTE[:place] + NOTE[place + 1 :])
    refused(NOTE[:place])


@given(st.text())
def test_any_other_text_is_refused(text: str) -> None:
    refused(text)
    refused(NOTE + text + "\n")


@pytest.mark.parametrize(
    "body",
    [
        "bot.example.com/decisions\n02\n" + "A" * 43 + "=\n",
        "bot.example.com/decisions\n-1\n" + "A" * 43 + "=\n",
        "bot.example.com/decisions\n٢\n" + "A" * 43 + "=\n",
        "bot.example.com/decisions\n" + "9" * 5000 + "\n" + "A" * 43 + "=\n",
        "bot.example.com/decisions\n2\nAAAA\n",
        "bot.example.com/decisions\n2\n",
        "another.example.com/decisions\n2\n" + "A" * 43 + "=\n",
        "bot.example.com/decisions\n2\n" + "A" * 43 + "=\nan\textension\n",
    ],
    ids=["leading zero", "negative", "other digits", "far too large", "short root", "no root", "another log", "a tab"],
)
def test_what_is_signed_rightly_but_no_checkpoint_of_this_log_is_refused(body: str) -> None:
    key = Ed25519PrivateKey.from_private_bytes(bytes(32))
    signature = base64.b64encode(Verifier(KEY).key_id + key.sign(body.encode())).decode()
    refused(f"{body}\n— {ORIGIN} {signature}\n")


def test_a_checkpoint_of_an_empty_log_and_one_with_extensions_are_taken() -> None:
    assert Verifier(KEY).open(SIGNER.sign(0, merkle.EMPTY_ROOT)).size == 0
    body = Checkpoint(ORIGIN, 2, ROOT).body + "an extension\n"
    key = Ed25519PrivateKey.from_private_bytes(bytes(32))
    signature = base64.b64encode(Verifier(KEY).key_id + key.sign(body.encode())).decode()
    assert Verifier(KEY).open(f"{body}\n— {ORIGIN} {signature}\n").size == 2


def test_base64_that_says_the_same_with_other_characters_is_refused() -> None:
    """The last character before the padding has bits that do not count."""
    refused(NOTE.replace("PEzcAE=", "PEzcAF="))


def test_another_logs_key_does_not_open_it() -> None:
    for other in (Signer(ORIGIN, b"\x01" * 32), Signer("bot.example.com/other", bytes(32))):
        with pytest.raises(CheckpointInvalid):
            Verifier(other.verifier_key).open(NOTE)


@pytest.mark.parametrize(
    "key",
    [
        "",
        "name",
        "name+00000000",
        KEY.replace("f28cac5f", "f28cac5e"),
        KEY.replace("f28cac5f", "F28CAC5F"),
        KEY.replace("bot.", "bat."),
        KEY[:-4],
        KEY[:-1] + "o",
        KEY + "AAAA",
        "+" + KEY.partition("+")[2],
        "two words+00000000+" + KEY.rpartition("+")[2],
        "a+00000000+BDtqJ7zOtqQtYqOo0CpvDXNlMhV3HeJDpjrASKGLWdop",
    ],
)
def test_a_key_that_is_not_whole_is_refused(key: str) -> None:
    with pytest.raises(CheckpointInvalid):
        Verifier(key)


def refused(note: str) -> None:
    with pytest.raises(CheckpointInvalid):
        Verifier(KEY).open(note)
