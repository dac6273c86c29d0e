"""The graph of a calculation."""

from matplotlib.axes import Axes

from nnnotes.autodiff import Node, order
from nnnotes.plots.style import COLOURS, MUTED, check_ax


def graph(ax: Axes, output: Node) -> Axes:
    """Draw the nodes that a result comes from, variables square, and above each one when the walk back visits it.

    Args:
        ax: where to draw.
        output: the result, on the right.

    Raises:
        TypeError: if ax is not one Axes, or the output not a node.

    Example:
        >>> import matplotlib.pyplot as plt
        >>> from nnnotes.autodiff import variable
        >>> a = variable(np.array(1.0), "a")
        >>> [text.get_text() for text in graph(plt.figure().add_subplot(), a + a).texts if text.get_text()]
        ['$+$', '$1$', '$a$', '$2$']
    """
    check_ax(ax)
    visits = order(output)[::-1]
    # The longest way to the output.
    distance = dict.fromkeys(visits, 0)
    for node in visits:
        for parent in node.parents:
            distance[parent] = max(distance[parent], distance[node] + 1)
    columns: dict[int, list[Node]] = {}
    # In a column, variables stand below.
    for node in sorted(visits, key=lambda node: not node.parents):
        columns.setdefault(distance[node], []).append(node)
    place = {
        node: (-column, -row)
        for column, nodes in columns.items()
        for row, node in enumerate(nodes)
    }
    for number, node in enumerate(visits, start=1):
        x, y = place[node]
        shape, colour = ("o", COLOURS["value"]) if node.parents else ("s", MUTED)
        ax.plot(x, y, shape, color="white", markeredgecolor=colour, markersize=24)
        name = f"${node.name or '?'}$"
        ax.text(x, y, name, horizontalalignment="center", verticalalignment="center")
        ax.text(x, y + 0.3, f"${number}$", horizontalalignment="center", color=MUTED)
        for position, parent in enumerate(node.parents):
            # Two arrows between the same nodes bend, to stand beside each other.
            twice = node.parents.count(parent) > 1
            bend = f"arc3,rad={0.3 * (-1) ** position if twice else 0}"
            arrow = {"arrowstyle": "-|>", "color": MUTED, "shrinkA": 13, "shrinkB": 13}
            arrow["connectionstyle"] = bend
            ax.annotate("", place[node], place[parent], arrowprops=arrow)
    ax.margins(0.1, 0.3)
    # Now, since a layout asks where the texts are before it draws.
    ax.autoscale_view()
    ax.set_axis_off()
    return ax
