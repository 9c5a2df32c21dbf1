package dev.belay.diff;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.diff.WriteOrder.Reference;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class WriteOrderTest {
  @Test
  void parentsComeFirstAndCirclesTogether() {
    List<Reference> references =
        List.of(
            new Reference(1, 2),
            new Reference(2, 3),
            new Reference(3, 2),
            new Reference(3, 4),
            new Reference(5, 5),
            new Reference(5, 99));

    assertThat(WriteOrder.of(List.of(1L, 2L, 3L, 4L, 5L), references))
        .containsExactly(List.of(4L), List.of(2L, 3L), List.of(1L), List.of(5L));
  }

  @Test
  void aLongChainNeedsNoDeepStack() {
    List<Long> nodes = LongStream.range(0, 100_000).boxed().toList();
    List<Reference> references =
        LongStream.range(0, 99_999).mapToObj(at -> new Reference(at, at + 1)).toList();

    List<List<Long>> order = WriteOrder.of(nodes, references);

    assertThat(order).hasSize(100_000).startsWith(List.of(99_999L)).endsWith(List.of(0L));
  }

  @Test
  void inRandomGraphsEveryParentComesBeforeOrWithItsChild() {
    Random random = new Random(7);
    for (int round = 0; round < 200; round++) {
      int size = 1 + random.nextInt(12);
      List<Long> nodes = LongStream.range(0, size).boxed().toList();
      List<Reference> references = new ArrayList<>();
      for (int edge = random.nextInt(20); edge > 0; edge--) {
        references.add(new Reference(random.nextInt(size), random.nextInt(size)));
      }

      List<List<Long>> order = WriteOrder.of(nodes, references);

      assertThat(order.stream().flatMap(List::stream)).containsExactlyInAnyOrderElementsOf(nodes);
      for (Reference each : references) {
        assertThat(at(order, each.parent())).isLessThanOrEqualTo(at(order, each.child()));
      }
      for (List<Long> group : order) {
        for (long one : group) {
          assertThat(group.stream().allMatch(other -> reaches(references, one, other))).isTrue();
        }
      }
    }
  }

  private static int at(List<List<Long>> order, long node) {
    for (int place = 0; place < order.size(); place++) {
      if (order.get(place).contains(node)) {
        return place;
      }
    }
    throw new AssertionError(node);
  }

  private static boolean reaches(List<Reference> references, long from, long to) {
    List<Long> seen = new ArrayList<>(List.of(from));
    for (int place = 0; place < seen.size(); place++) {
      long here = seen.get(place);
      references.stream()
          .filter(each -> each.child() == here && !seen.contains(each.parent()))
          .forEach(each -> seen.add(each.parent()));
    }
    return seen.contains(to);
  }

  @Test
  void whatHangsTogetherIsFoundInEitherDirection() {
    assertThat(
            WriteOrder.connected(
                List.of(1L, 2L, 3L, 4L), List.of(new Reference(1, 2), new Reference(3, 2))))
        .containsExactlyInAnyOrder(List.of(1L, 2L, 3L), List.of(4L));
  }
}
