package dev.belay.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TablePatternTest {
  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      value = {
        "public.orders, public.orders, true",
        "public.orders, public.orders2, false",
        "public.orders, xpublic.orders, false",
        "public.o*, public.orders, true",
        "public.o*, publico.rders, false",
        "public.o?ders, public.orders, true",
        "public.o?ders, public.oders, false",
        "orders, any schema.orders, true",
        "orders, public.orders2, false",
        "*, public.orders, true",
        "*.*, public.orders, true",
        "public.[o]rders, public.orders, false",
        "public.Orders, public.orders, false",
        "public.a\"; drop table b, public.a\"; drop table b, true",
        "public.a\\Eb, public.a\\Eb, true",
        "public.数?, public.数据, true",
        "public.?, public.😀, true"
      })
  void aPatternMeansWhatItSays(String pattern, String table, boolean meant) {
    int dot = table.indexOf('.');
    TableName name = new TableName(table.substring(0, dot), table.substring(dot + 1));
    assertThat(TablePattern.of(pattern).matches(name)).isEqualTo(meant);
  }

  @Test
  void nothingIsNoPattern() {
    assertThatThrownBy(() -> TablePattern.of(" ")).hasMessage("a pattern of tables is empty");
  }
}
