package dev.belay.guard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.config.Surroundings;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What of the environment is written into a script, and what is not. */
class TriggerVariablesTest {
  @Test
  void whatSoundsSecretOrIsTheAddressOfAWebhookIsNamedOnly() {
    Path here = Path.of("/home/anna");
    TriggerVariables variables =
        TriggerVariables.of(
            new Surroundings(
                Map.of(
                    "BELAY_NOTIFY_CHANNELS_OPS_URL", "https://example.org/hush",
                    "BELAY_NOTIFY_CHANNELS_OPS_HEADERS_X", "hush",
                    "FLYWAY_LICENSE_KEY", "hush",
                    "FLYWAY_VAULT_CREDENTIAL", "hush",
                    "PGPASSFILE", "/home/anna/.pgpass",
                    "PGHOST", "db1"),
                here,
                here,
                "anna"));
    assertThat(variables.secret())
        .containsExactly(
            "BELAY_NOTIFY_CHANNELS_OPS_HEADERS_X",
            "BELAY_NOTIFY_CHANNELS_OPS_URL",
            "FLYWAY_LICENSE_KEY",
            "FLYWAY_VAULT_CREDENTIAL");
    assertThat(variables.fixed()).containsKeys("PGPASSFILE", "PGHOST");
  }
}
