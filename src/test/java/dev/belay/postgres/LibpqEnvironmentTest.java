package dev.belay.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.core.Secret;
import dev.belay.core.Target;
import dev.belay.core.Tls;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LibpqEnvironmentTest {
  private final Target target =
      new Target("db1", 5433, "orders", "app", Optional.of(new Secret("s")), Tls.PREFER, 7);

  @Test
  void everythingThatIsSetIsNotInheritedEither() {
    assertThat(LibpqEnvironment.removed()).containsAll(of(150_000).keySet());
  }

  @Test
  void onlySettingsThatTheServerKnowsAreSent() {
    assertThat(of(130_000).get("PGOPTIONS"))
        .contains("-c statement_timeout=0", "-c default_transaction_read_only=off")
        .doesNotContain("idle_session_timeout", "transaction_timeout=0 ");
    assertThat(of(160_000).get("PGOPTIONS"))
        .contains("-c idle_session_timeout=0")
        .doesNotContain("-c transaction_timeout");
    assertThat(of(170_000).get("PGOPTIONS")).contains("-c transaction_timeout=0");
  }

  @Test
  void aPoolerGetsNoSettings() {
    assertThat(
            LibpqEnvironment.of(
                target, "belay", new ServerInfo(150_000, "15", false), Pooler.KEEPS_SESSIONS))
        .doesNotContainKey("PGOPTIONS");
  }

  @Test
  void theApplicationNameIsCutAsTheServerDoes() {
    String name = LibpqEnvironment.of(target, "ü".repeat(100), server(150_000)).get("PGAPPNAME");
    assertThat(name).isEqualTo("?".repeat(63));
  }

  @Test
  void requireWithARootCertificateIsVerifyCaAsInLibpq(@TempDir Path folder) throws IOException {
    Target strict =
        new Target(
            "db1",
            5432,
            "orders",
            "app",
            Optional.empty(),
            new Tls("require", Optional.empty(), Optional.empty(), Optional.empty()),
            7);
    assertThat(Encryption.of(strict, folder).mode()).isEqualTo("require");
    Files.createFile(folder.resolve("root.crt"));
    assertThat(Encryption.of(strict, folder).mode()).isEqualTo("verify-ca");
    assertThat(Encryption.of(strict, folder).root())
        .hasValue(folder.resolve("root.crt").toString());
    assertThat(Encryption.of(target, folder).root()).isEmpty();
  }

  private Map<String, String> of(int version) {
    return LibpqEnvironment.of(target, "belay", server(version));
  }

  private static ServerInfo server(int version) {
    return new ServerInfo(version, "any", false);
  }
}
