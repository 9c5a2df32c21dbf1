package dev.belay.diff;

import dev.belay.diff.Difference.Base;
import dev.belay.diff.Difference.Kind;
import dev.belay.diff.RowStream.Row;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Finds the differences between two streams of rows, and looks them up in a third, in constant
 * memory: all are sorted by the hash of the key, then by that of the values. Two keys of one hash,
 * once in 2^64, are told apart only by their values.
 */
final class StreamMerge {
  private final Cursor source;
  private final Cursor target;
  private final @Nullable Cursor base;
  private final boolean keyed;
  private final Consumer<Difference> found;

  /**
   * @param base the common ancestor; null: there is none
   * @param keyed whether rows are told apart by a key; else each row pairs with one that is equal
   */
  StreamMerge(
      RowStream source,
      RowStream target,
      @Nullable RowStream base,
      boolean keyed,
      Consumer<Difference> found) {
    this.source = new Cursor(source);
    this.target = new Cursor(target);
    this.base = base == null ? null : new Cursor(base);
    this.keyed = keyed;
    this.found = found;
  }

  /** Goes through all of them. */
  void run() {
    while (source.row != null || target.row != null) {
      if (keyed) {
        sameKey();
      } else {
        sameRow();
      }
    }
    // A session can do nothing else before its COPY was read to the end.
    while (base != null && base.row != null) {
      base.take();
    }
  }

  /**
   * However often a row is there, only three of them are held: equal rows pair off, each with one
   * of the ancestor's, and what is left over on one side was removed on the other as long as the
   * ancestor has more of them.
   */
  private void sameRow() {
    int order = compare(source.row, target.row);
    long key = (order <= 0 ? source : target).key();
    while (source.has(key) && target.has(key)) {
      source.take();
      target.take();
      ancestorHad(key);
    }
    while (source.has(key)) {
      found.accept(
          new Difference(Kind.MISSING, source.take().place(), null, left(key, Base.LIKE_SOURCE)));
    }
    while (target.has(key)) {
      found.accept(
          new Difference(Kind.EXTRA, null, target.take().place(), left(key, Base.LIKE_TARGET)));
    }
  }

  private Base left(long key, Base had) {
    return base == null ? Base.UNKNOWN : ancestorHad(key) ? had : Base.ABSENT;
  }

  /** Takes one more of the ancestor's rows, if it has one. */
  private boolean ancestorHad(long key) {
    if (ancestor(key).isEmpty() || base == null) {
      return false;
    }
    base.take();
    return true;
  }

  private static int compare(@Nullable Row one, @Nullable Row other) {
    if (one == null || other == null) {
      return one == null ? 1 : -1;
    }
    return Long.compare(one.key(), other.key());
  }

  private void sameKey() {
    Row one = source.row;
    Row other = target.row;
    long key =
        one == null || (other != null && other.key() < one.key())
            ? java.util.Objects.requireNonNull(other).key()
            : one.key();
    List<Row> here = source.group(key);
    List<Row> there = target.group(key);
    here.removeIf(row -> removeEqual(there, row));
    if (here.isEmpty() && there.isEmpty()) {
      return;
    }
    Optional<Row> before = ancestor(key);
    for (int place = 0; place < Math.max(here.size(), there.size()); place++) {
      Row left = place < here.size() ? here.get(place) : null;
      Row right = place < there.size() ? there.get(place) : null;
      found.accept(
          new Difference(
              left == null ? Kind.EXTRA : right == null ? Kind.MISSING : Kind.CHANGED,
              left == null ? null : left.place(),
              right == null ? null : right.place(),
              base(before, left, right)));
    }
  }

  private static boolean removeEqual(List<Row> rows, Row row) {
    for (int place = 0; place < rows.size(); place++) {
      if (rows.get(place).row() == row.row()) {
        rows.remove(place);
        return true;
      }
    }
    return false;
  }

  private Optional<Row> ancestor(long key) {
    if (base == null) {
      return Optional.empty();
    }
    while (base.row != null && base.row.key() < key) {
      base.take();
    }
    return Optional.ofNullable(base.row).filter(row -> row.key() == key);
  }

  private Base base(Optional<Row> before, @Nullable Row left, @Nullable Row right) {
    if (base == null) {
      return Base.UNKNOWN;
    }
    if (before.isEmpty()) {
      return Base.ABSENT;
    }
    boolean likeSource = left != null && left.ancestry() == before.get().ancestry();
    boolean likeTarget = right != null && right.ancestry() == before.get().ancestry();
    if (likeSource && likeTarget) {
      return Base.LIKE_BOTH;
    }
    return likeSource ? Base.LIKE_SOURCE : likeTarget ? Base.LIKE_TARGET : Base.OTHER;
  }

  /** A stream with its next row in sight. */
  private static final class Cursor {
    private final RowStream stream;
    private @Nullable Row row;

    Cursor(RowStream stream) {
      this.stream = stream;
      this.row = stream.next().orElse(null);
    }

    boolean has(long key) {
      return row != null && row.key() == key;
    }

    long key() {
      return java.util.Objects.requireNonNull(row).key();
    }

    Row take() {
      Row taken = java.util.Objects.requireNonNull(row);
      row = stream.next().orElse(null);
      return taken;
    }

    /** One row, but for keys of the same hash, and for a key that is there twice. */
    List<Row> group(long key) {
      List<Row> rows = new ArrayList<>();
      while (row != null && row.key() == key) {
        rows.add(take());
      }
      return rows;
    }
  }
}
