package dev.belay.diff;

import java.util.List;

/** Counts differences on their way to a sink. */
final class Tally implements DifferenceSink {
  private final DifferenceSink sink;
  private long missing;
  private long extra;
  private long changed;

  Tally(DifferenceSink sink) {
    this.sink = sink;
  }

  @Override
  public void accept(List<Difference> differences) {
    for (Difference difference : differences) {
      switch (difference.kind()) {
        case MISSING -> missing++;
        case EXTRA -> extra++;
        case CHANGED -> changed++;
      }
    }
    sink.accept(differences);
  }

  TableDiff result(Pair pair, long sourceRows, long targetRows) {
    return new TableDiff(pair.name(), sourceRows, targetRows, missing, extra, changed);
  }
}
