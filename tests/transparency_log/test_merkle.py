"""Our trees and proofs are those of RFC 6962 and 9162: compared with an implementation by somebody else (tamperlog).

Every tree of 0 to 1,000 leaves with all of its proofs is compared in tests/long/test_large_trees.py.
"""

from __future__ import annotations

import hashlib
import random
from collections.abc import Iterator

import pytest
import tamperlog
from hypothesis import given
from hypothesis import strategies as st

from bot.transparency_log import merkle
from tests.transparency_log.consistency import consistency_proof, verify_consistency
from tests.transparency_log.trees import accepted_consistency, accepted_inclusion, leaves_of, node_of

MOST = 1000
LEAVES = leaves_of(MOST)
NODE = node_of(LEAVES)
ROOTS = [merkle.root(size, NODE) for size in range(MOST + 1)]
CT_LEAVES = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"]
"""The leaves and below the roots that Certificate Transparency's own implementations are tested with."""
CT_ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]


def some(size: int) -> Iterator[int]:
    """Places in a tree: all of a small one, else its edges and a few more."""
    if size <= 130:
        return iter(range(size))
    return iter({0, 1, size // 2, size - 2, size - 1, *random.Random(size).sample(range(size), 4)})


def test_roots_are_those_that_certificate_transparency_knows() -> None:
    leaves = [merkle.leaf_hash(bytes.fromhex(leaf)) for leaf in CT_LEAVES]
    assert [merkle.root(size, node_of(leaves[:size])).hex() for size in range(9)] == CT_ROOTS


def test_the_empty_tree_has_the_hash_of_nothing() -> None:
    assert ROOTS[0] == hashlib.sha256().digest() == tamperlog.merkle_root([])


def test_every_root_from_0_to_1000_leaves_is_the_others_root() -> None:
    assert [tamperlog.merkle_root(LEAVES[:size]) for size in range(MOST + 1)] == ROOTS


def test_inclusion_proofs_of_every_size_are_taken_by_others() -> None:
    refused = [
        (index, size)
        for size in range(1, MOST + 1)
        for index in some(size)
        if not accepted_inclusion(index, size, LEAVES[index], merkle.inclusion_proof(index, size, NODE), ROOTS[size])
    ]
    assert refused == []


def test_consistency_proofs_of_every_size_are_taken_by_others() -> None:
    refused = [
        (index + 1, size)
        for size in range(1, MOST + 1)
        for index in some(size)
        if not accepted_consistency(
            index + 1, ROOTS[index + 1], size, ROOTS[size], consistency_proof(index + 1, size, NODE)
        )
    ]
    assert refused == []


@pytest.mark.parametrize("size", [1, 2, 3, 7, 8, 64, 65, 255, 256, 257, 1000])
def test_proofs_are_byte_for_byte_the_others_and_taken_by_us(size: int) -> None:
    for index in {0, size // 3, size // 2, size - 1}:
        proof = tamperlog.inclusion_proof(index, LEAVES[:size])
        assert proof == merkle.inclusion_proof(index, size, NODE)
        assert merkle.verify_inclusion(index, size, LEAVES[index], proof, ROOTS[size])
        proof = tamperlog.consistency_proof(index + 1, LEAVES[:size])
        assert proof == consistency_proof(index + 1, size, NODE)
        assert verify_consistency(index + 1, ROOTS[index + 1], size, ROOTS[size], proof)


@pytest.mark.parametrize(("index", "size"), [(-1, 3), (3, 3), (0, 0)])
def test_there_is_no_inclusion_proof_outside_of_the_tree(index: int, size: int) -> None:
    with pytest.raises(ValueError, match="no such leaf"):
        merkle.inclusion_proof(index, size, NODE)


@pytest.mark.parametrize(("first", "second"), [(0, 3), (4, 3), (-1, 3)])
def test_there_is_no_consistency_proof_from_nothing_or_backwards(first: int, second: int) -> None:
    with pytest.raises(ValueError, match="smaller one"):
        consistency_proof(first, second, NODE)


places = st.integers(1, MOST).flatmap(lambda size: st.tuples(st.integers(0, size - 1), st.just(size)))
hashes = st.binary(min_size=32, max_size=32)


@given(place=places, data=st.data())
def test_a_wrong_inclusion_proof_is_refused(place: tuple[int, int], data: st.DataObject) -> None:
    """Any one thing that is not so: the leaf, its place, the root, a step, a step more or less, their order."""
    index, size = place
    leaf, proof, root = LEAVES[index], merkle.inclusion_proof(index, size, NODE), ROOTS[size]
    assert merkle.verify_inclusion(index, size, leaf, proof, root)
    wrong = data.draw(
        st.one_of(
            hashes.map(lambda other: (index, size, other, proof, root)),
            hashes.map(lambda other: (index, size, leaf, proof, other)),
            st.integers(-3, MOST + 3).map(lambda other: (other, size, leaf, proof, root)),
            damaged(proof).map(lambda other: (index, size, leaf, other, root)),
        )
    )
    if wrong != (index, size, leaf, proof, root):
        assert not merkle.verify_inclusion(*wrong)
        assert not accepted_inclusion(*wrong)


@given(place=places, data=st.data())
def test_a_wrong_consistency_proof_is_refused(place: tuple[int, int], data: st.DataObject) -> None:
    first, second = place[0] + 1, place[1]
    proof = consistency_proof(first, second, NODE)
    right = (first, ROOTS[first], second, ROOTS[second], proof)
    assert verify_consistency(*right)
    wrong = data.draw(
        st.one_of(
            hashes.map(lambda other: (first, other, second, ROOTS[second], proof)),
            hashes.map(lambda other: (first, ROOTS[first], second, other, proof)),
            damaged(proof).map(lambda other: (first, ROOTS[first], second, ROOTS[second], other)),
            st.integers(1, MOST).map(lambda other: (other, ROOTS[other], second, ROOTS[second], proof)),
        )
    )
    if wrong != right:
        # A longer first tree may have the same proof: RFC 6962's is then right for both, and the others say so as well.
        assert verify_consistency(*wrong) == accepted_consistency(*wrong)
        assert wrong[0] != first or not verify_consistency(*wrong)


def damaged(proof: list[bytes]) -> st.SearchStrategy[list[bytes]]:
    """The proof with a step changed, added, left out, or all of them in another order."""
    numbers = st.integers(0, max(0, len(proof) - 1))
    steps = st.tuples(st.integers(0, len(proof)), hashes)
    ways = [st.permutations(proof), steps.map(lambda new: [*proof[: new[0]], new[1], *proof[new[0] :]])]
    if proof:
        ways.append(numbers.map(lambda number: [*proof[:number], *proof[number + 1 :]]))
        ways.append(st.tuples(numbers, hashes).map(lambda new: [*proof[: new[0]], new[1], *proof[new[0] + 1 :]]))
    return st.one_of(*ways)


def test_a_proof_for_another_size_is_taken_only_where_the_others_take_it_too() -> None:
    """Trees of different sizes can share a path; a path that is too short or too long for the size proves nothing."""
    for size in range(1, 33):
        for index in range(size):
            proof = merkle.inclusion_proof(index, size, NODE)
            for claimed in range(1, 70):
                given = (index, claimed, LEAVES[index], proof, ROOTS[size])
                assert merkle.verify_inclusion(*given) == accepted_inclusion(*given)


@given(index=st.integers(-5, 50), size=st.integers(-5, 50), proof=st.lists(hashes, max_size=8))
def test_sizes_that_no_tree_has_prove_nothing(index: int, size: int, proof: list[bytes]) -> None:
    assert not merkle.verify_inclusion(index, size, LEAVES[0], proof, b"") and not verify_consistency(
        index, LEAVES[0], size, b"", proof
    )


def test_a_history_that_was_rewritten_has_no_proof() -> None:
    """The same size, another leaf among the first: no list of hashes leads from one root to the other."""
    others = [merkle.leaf_hash(b"another"), *LEAVES[1:]]
    forged = node_of(others)
    proof = consistency_proof(500, 1000, forged)
    assert verify_consistency(500, merkle.root(500, forged), 1000, merkle.root(1000, forged), proof)
    assert not verify_consistency(500, ROOTS[500], 1000, merkle.root(1000, forged), proof)
