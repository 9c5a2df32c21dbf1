package dev.belay.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class TextTableTest {
  @Test
  void columnsAreAsWideAsTheirWidestCell() {
    assertThat(new TextTable("A", "LONG").row("xyz", "1").row("", "").lines())
        .containsExactly("A    LONG", "xyz  1", "");
  }

  @Test
  void wideCharactersTakeTwoColumnsAndMarksNone() {
    assertThat(
            new TextTable("NAME", "N")
                .row("漢字", "1")
                .row("e\u0301te\u0301", "2")
                .row("\uD83D\uDE00", "3")
                .row("ｆ", "4")
                .lines())
        .containsExactly("NAME  N", "漢字  1", "e\u0301te\u0301   2", "\uD83D\uDE00    3", "ｆ    4");
  }

  @Test
  void whatWouldBreakALineOrDeceiveIsVisible() {
    assertThat(TextTable.visible("a\nb\tc\u001b[2Jd\u007f\u0085"))
        .isEqualTo("a\\u000ab\\u0009c\\u001b[2Jd\\u007f\\u0085");
    assertThat(TextTable.visible("user\u202egpj.exe\u200b\u2028"))
        .isEqualTo("user\\u202egpj.exe\\u200b\\u2028");
    assertThat(TextTable.visible("\ud800 \udb40\udc41")).isEqualTo("\\ud800 \\u{e0041}");
  }

  @Test
  void aRowHasOneCellPerColumn() {
    assertThatThrownBy(() -> new TextTable("A", "B").row("1"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void withoutARowThereIsOnlyTheHead() {
    assertThat(new TextTable("A", "B").lines()).containsExactly("A  B");
  }
}
