"""Which rows of a tab are ours, and how whole rows are moved so that what stands beside them goes along."""

from hypothesis import given
from hypothesis import strategies as st

from connectors.google_sheets.plan.compare import align
from connectors.google_sheets.plan.tab import RowPlan, plan_rows


def carried_out(standing, plan: RowPlan):
    """The grid after the steps, as Google would do them: inserted rows are `+`."""
    grid = list(standing)
    for step in plan.steps:
        if step.kind == "delete":
            del grid[step.start : step.start + step.count]
        elif step.kind == "insert":
            grid[step.start : step.start] = ["+"] * step.count
        else:
            block = grid[step.start : step.start + step.count]
            del grid[step.start : step.start + step.count]
            at = step.destination - step.count if step.destination > step.start else step.destination
            grid[at:at] = block
    return grid


def test_nothing_moves_when_nothing_changed():
    """The ordinary night costs no structural request."""
    assert plan_rows(["a", "b", None, "c"], ["a", "b", "c"], {"a"}).steps == []


def test_an_owners_row_stays_below_the_row_it_stood_under():
    """A row that an owner inserted under «b» goes wherever «b» goes."""
    plan = plan_rows(["a", "b", None, "c"], ["b", "a", "c"], set())
    assert list(plan.after) == ["b", None, "a", "c"]


@given(st.permutations(list("abcdefgh")), st.sets(st.sampled_from("abcdefgh")), st.permutations(list("cdefghxyz")))
def test_steps_lead_to_the_wanted_order(standing, owners_rows, wanted):
    """Whatever stood and whatever is wanted: ours end in the wanted order and no row of the owner's is lost."""
    grid = [row for name in standing for row in ([name, None] if name in owners_rows else [name])]
    plan = plan_rows(grid, wanted, set())
    after = carried_out(grid, plan)
    assert [name for name in plan.after if name is not None] == wanted
    assert [name if name in standing else "+" for name in plan.after if name is not None] == [
        name for name in after if name is not None
    ]
    assert after.count(None) == len(owners_rows)


def test_a_huge_report_moves_only_rows_the_owner_touched():
    """50,000 re-sorted rows with one note beside one of them cost one move, not 50,000."""
    standing = [f"row{number}" for number in range(5_000)]
    plan = plan_rows(standing, standing[::-1], {"row10"})
    assert [step.kind for step in plan.steps] == ["move"]
    assert plan.after[4_989] == "row10"


def test_rows_the_owner_sorted_are_found_again():
    """Equal rows are paired wherever they stand."""
    published = [{0: "title"}, {0: "SEO", 1: "5"}, {0: "Директ", 1: "7"}]
    found = [{0: "title"}, {0: "Директ", 1: "7"}, {0: "SEO", 1: "5"}]
    assert align(published, found) == [0, 2, 1]


def test_an_inserted_row_pushes_ours_down_and_is_not_taken_for_one():
    """The owner's row between ours is nobody's of ours."""
    published = [{0: "a", 1: "1"}, {}, {0: "b", 1: "2"}]
    found = [{0: "a", 1: "1"}, {0: "моё"}, {}, {0: "b", 1: "2"}]
    assert align(published, found) == [0, 2, 3]


def test_a_row_edited_whole_is_known_by_its_neighbours():
    """Between the same two rows stands the same row, whatever was typed into it."""
    published = [{0: "a"}, {0: "b"}, {0: "c"}]
    assert align(published, [{0: "a"}, {0: "другое"}, {0: "c"}]) == [0, 1, 2]


def test_a_deleted_row_is_nowhere():
    """It will be inserted again."""
    published = [{0: "a"}, {0: "b", 1: "2"}, {0: "c"}]
    assert align(published, [{0: "a"}, {0: "c"}]) == [0, None, 1]


def test_a_sentence_that_leaves_gives_its_place_to_another():
    """No row comes or goes for a text; a channel's row does: a formula pointed at it breaks, and is not wrong."""
    plan = plan_rows(["~title:1", "~text:2"], ["~title:1", "~text:1"], set())
    assert (list(plan.steps), plan.fresh) == ([], {"~text:1"})
    plan = plan_rows(["~title:1", "channel=VK"], ["~title:1", "channel=Авито"], set())
    assert [step.kind for step in plan.steps] == ["delete", "insert"]
    assert plan.removed == {1}
