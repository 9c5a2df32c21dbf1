package dev.belay.integrity;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.core.TableName;
import java.util.List;
import org.junit.jupiter.api.Test;

class PieceTest {
  @Test
  void piecesFollowOneAnotherAndTheLastIsOpen() {
    List<Piece> pieces = Piece.of(table(25, 1_000_003, true), 400_002);

    assertThat(pieces).extracting(Piece::from).containsExactly(0L, 10L, 20L);
    assertThat(pieces.get(0).to()).hasValue(10);
    assertThat(pieces.get(1).to()).hasValue(20);
    assertThat(pieces.get(2).to()).isEmpty();
    assertThat(pieces.stream().mapToLong(Piece::bytes).sum()).isEqualTo(1_000_003);
    assertThat(pieces).allMatch(piece -> piece.bytes() > 0).noneMatch(Piece::isWhole);
  }

  @Test
  void smallTablesAndOldServersAreNotDivided() {
    assertThat(Piece.of(table(10, 81_920, true), 81_920)).singleElement().matches(Piece::isWhole);
    assertThat(Piece.of(table(1000, 8_192_000, false), 10)).singleElement().matches(Piece::isWhole);
    assertThat(Piece.of(table(0, 0, true), 10)).singleElement().matches(Piece::isWhole);
    assertThat(Piece.of(table(0, 8192, true), 10)).singleElement().matches(Piece::isWhole);
  }

  @Test
  void valuesStoredApartMakePiecesOfFewPages() {
    List<Piece> pieces = Piece.of(table(3, 3_000_000_000L, true), 64 << 20);

    assertThat(pieces).hasSize(3).extracting(Piece::bytes).containsOnly(1_000_000_000L);
  }

  private static TableShape table(long pages, long bytes, boolean divisible) {
    return new TableShape(new TableName("public", "t"), List.of(), pages, bytes, divisible, 0);
  }
}
