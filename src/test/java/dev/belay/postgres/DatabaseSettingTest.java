package dev.belay.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.core.Identifier;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DatabaseSettingTest {
  @Test
  void listsAreSplitAsTheServerQuotesThem() {
    assertThat(DatabaseSetting.split("\"$user\", public")).containsExactly("$user", "public");
    assertThat(DatabaseSetting.split("\"a\"\"b,c\"")).containsExactly("a\"b,c");
    assertThat(DatabaseSetting.split("\"\"")).containsExactly("");
    assertThat(DatabaseSetting.split("")).isEqualTo(List.of());
    assertThat(
            new DatabaseSetting(Optional.empty(), "search_path", "\"\"")
                .statement(new Identifier("x")))
        .isEqualTo("alter database \"x\" set \"search_path\" = ''");
  }
}
