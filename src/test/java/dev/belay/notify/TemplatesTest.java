package dev.belay.notify;

import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.ok;
import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.cli.Announcement;
import dev.belay.core.Severity;
import dev.belay.core.Units;
import dev.belay.support.Cli;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The words: built in, in files, with variables that are there and such that are not. */
class TemplatesTest {
  @TempDir Path folder;
  private Desk desk;

  @BeforeEach
  void start() {
    desk = new Desk(folder);
    desk.server.stubFor(any(anyUrl()).willReturn(ok()));
  }

  @AfterEach
  void stop() {
    desk.close();
  }

  private void slack(String more) {
    desk.configured(
        "channels: {team: {type: slack, url: \"%s\" %s}}".formatted(desk.url("/s"), more));
  }

  private String text() {
    return desk.bodies().get(0).get("text").asString();
  }

  @Test
  void valuesAreNeverTemplatesThemselves() {
    Template.Filled filled =
        Template.of("a {{x}} b {{ X }} {{y|other}} {{z|}} {{none}} {{ open")
            .fill(
                name -> Map.of("x", "{{y}} $1 \\").getOrDefault(name, null),
                UnaryOperator.identity());

    assertThat(filled.body()).isEqualTo("a {{y}} $1 \\ b {{y}} $1 \\ other  {{none}} {{ open");
    assertThat(filled.unknown()).containsExactly("none");
  }

  @Test
  void aFileMayHaveASubjectAndMentionsFactsInAnySpelling() throws IOException {
    Files.writeString(
        folder.resolve("own.txt"),
        "Subject: about {{database}}\r\n\r\n<!here> {{root-cause}} by {{user}}\r\n{{facts}}");
    slack(", template: own.txt");

    desk.cli()
        .expect(
            0,
            "send-notification",
            "operation_failed",
            "--fact",
            "Root cause=<disk> full",
            "--fact",
            "Rows=12");

    assertThat(text())
        .isEqualTo(
            "*[ERROR] about orders@127.0.0.1:1*\n<!here> &lt;disk&gt; full by %s\nRows: 12"
                .formatted(System.getProperty("user.name")));
  }

  @Test
  void anUnknownVariableSendsThePlainTextAndIsSaid() throws IOException {
    Files.writeString(folder.resolve("own.txt"), "Look at {{databse}} and {{tabel}}");
    slack(", templates: {operation_failed: own.txt}");

    Cli.Result dry =
        desk.cli().expect(10, "send-notification", "operation_failed", "-m", "x", "--dry-run");
    Cli.Result sent =
        desk.cli().expect(0, "send-notification", "operation_failed", "-m", "it broke");
    Cli.Result tested =
        desk.cli().expect(10, "send-notification", "--test", "--template", "own.txt");

    assertThat(dry.out())
        .contains("would tell team")
        .contains("the template own.txt mentions what is not known: databse, tabel");
    assertThat(text()).contains("it broke").doesNotContain("{{");
    assertThat(sent.out()).contains("the plain text was sent, since the template own.txt mentions");
    assertThat(tested.out()).contains("the plain text was sent");
  }

  @Test
  void aTemplateThatIsGoneSendsThePlainText() throws IOException {
    Path file = folder.resolve("own.txt");
    Files.writeString(file, "x");
    slack(", template: own.txt");
    NotifySettings settings = NotifyReading.read(desk.settings());
    Files.delete(file);

    Composer.Composed composed =
        new Composer(settings.redaction(), settings.commander())
            .compose(
                Event.of(
                    Announcement.Type.OPERATION_FAILED,
                    Severity.ERROR,
                    "it broke",
                    List.of(),
                    Map.of(),
                    new Source("d", "e", "c", "c", "r", "h", "u", Path.of("belay.log")),
                    "key"),
                Objects.requireNonNull(settings.channel("team")),
                Optional.empty(),
                "");

    assertThat(composed.problem()).contains("own.txt cannot be read");
    assertThat(composed.message().text()).contains("it broke");
  }

  @Test
  void theTwoIncidentTextsHaveTheFieldsThatPeopleAskFor() {
    slack("");

    desk.cli()
        .expect(
            0,
            "send-notification",
            "migration_failed",
            "-m",
            "V7 failed",
            "--fact",
            "Impact=orders cannot be placed",
            "--fact",
            "ETA=30 minutes",
            "--fact",
            "Action taken=rollback is running",
            "--fact",
            "Next update=12:30 UTC",
            "--fact",
            "Incident commander=Eve",
            "--incident-began",
            "90s");
    desk.cli()
        .expect(
            0,
            "send-notification",
            "--resolve",
            "-m",
            "back at V6",
            "--fact",
            "Data loss=none",
            "--fact",
            "Downtime=4 min");

    assertThat(text())
        .contains("URGENT")
        .contains("Issue: V7 failed")
        .contains("Impact: orders cannot be placed")
        .contains("ETA: 30 minutes")
        .contains("Action taken: rollback is running")
        .contains("Next update: 12:30 UTC")
        .contains("Incident commander: Eve")
        .contains("1 min 30 s ago");
    assertThat(desk.bodies().get(1).get("text").asString())
        .contains("RESOLVED")
        .contains("Resolution: back at V6")
        .contains("Downtime: 4 min")
        .contains("Root cause: V7 failed")
        .contains("Data loss: none")
        .contains("Next steps: ");
  }

  @Test
  void aCutTextIsNeverHalfACharacter() {
    for (int most = 110; most < 140; most++) {
      String cut = Cutting.to(most, "😀&amp;".repeat(60), "/var/log/belay.log");

      assertThat(cut.length()).isLessThanOrEqualTo(most);
      assertThat(cut)
          .matches("(?s)(😀|&amp;)*\n… [\\d,]+ more characters are in /var/log/belay.log");
      int kept = Cutting.kept(cut);
      assertThat(cut).contains(Units.count("😀&amp;".repeat(60).length() - kept) + " more");
    }
  }
}
