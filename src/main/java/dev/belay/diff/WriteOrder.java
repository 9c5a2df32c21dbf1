package dev.belay.diff;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * The order in which things are written that refer to each other: what is referred to comes first,
 * and what refers to each other in a circle comes together.
 */
final class WriteOrder {
  private final Map<Long, Set<Long>> parents;
  private final Map<Long, Integer> found = new HashMap<>();
  private final Map<Long, Integer> lowest = new HashMap<>();
  private final Deque<Long> open = new ArrayDeque<>();
  private final Set<Long> isOpen = new TreeSet<>();
  private final List<List<Long>> groups = new ArrayList<>();

  /** One refers to the other. */
  record Reference(long child, long parent) {
    /** The other refers to the one. */
    Reference reversed() {
      return new Reference(/* child= */ parent, /* parent= */ child);
    }
  }

  private record Visit(long node, java.util.Iterator<Long> parents) {}

  private WriteOrder(Map<Long, Set<Long>> parents) {
    this.parents = parents;
  }

  /**
   * The groups in the order in which they are written; one of several members, or one that refers
   * to itself, is a circle.
   */
  static List<List<Long>> of(Collection<Long> nodes, Collection<Reference> references) {
    WriteOrder order = new WriteOrder(edges(nodes, references));
    nodes.forEach(order::visit);
    return order.groups;
  }

  private static Map<Long, Set<Long>> edges(
      Collection<Long> nodes, Collection<Reference> references) {
    Map<Long, Set<Long>> edges = new LinkedHashMap<>();
    nodes.forEach(node -> edges.put(node, new TreeSet<>()));
    for (Reference reference : references) {
      Set<Long> parents = edges.get(reference.child());
      if (parents != null && edges.containsKey(reference.parent())) {
        parents.add(reference.parent());
      }
    }
    return edges;
  }

  /** Tarjan's strongly connected components, without recursion: a chain may be long. */
  private void visit(long root) {
    if (found.containsKey(root)) {
      return;
    }
    Deque<Visit> path = new ArrayDeque<>();
    path.push(enter(root));
    while (!path.isEmpty()) {
      Visit here = path.element();
      if (!here.parents().hasNext()) {
        path.pop();
        leave(here.node());
        if (!path.isEmpty()) {
          lower(path.element().node(), of(lowest, here.node()));
        }
        continue;
      }
      long parent = here.parents().next();
      if (!found.containsKey(parent)) {
        path.push(enter(parent));
      } else if (isOpen.contains(parent)) {
        lower(here.node(), of(found, parent));
      }
    }
  }

  private Visit enter(long node) {
    found.put(node, found.size());
    lowest.put(node, of(found, node));
    open.push(node);
    isOpen.add(node);
    return new Visit(node, parents.getOrDefault(node, Set.of()).iterator());
  }

  private void lower(long node, int to) {
    lowest.merge(node, to, Math::min);
  }

  private static int of(Map<Long, Integer> map, long node) {
    return map.getOrDefault(node, Integer.MAX_VALUE);
  }

  private void leave(long node) {
    if (of(lowest, node) != of(found, node)) {
      return;
    }
    List<Long> group = new ArrayList<>();
    long member;
    do {
      member = open.pop();
      isOpen.remove(member);
      group.add(member);
    } while (member != node);
    group.sort(Long::compare);
    groups.add(List.copyOf(group));
  }

  /** The groups of nodes that hang together by references in either direction. */
  static List<List<Long>> connected(Collection<Long> nodes, Collection<Reference> references) {
    List<Reference> both = new ArrayList<>(references);
    references.forEach(each -> both.add(each.reversed()));
    return of(nodes, both);
  }
}
