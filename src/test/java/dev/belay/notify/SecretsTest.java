package dev.belay.notify;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.urlMatching;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.tomakehurst.wiremock.http.Fault;
import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import dev.belay.cli.Announcement;
import dev.belay.cli.Facts;
import dev.belay.cli.Outcome;
import dev.belay.core.ExitCode;
import dev.belay.core.Failure;
import dev.belay.core.RunId;
import dev.belay.core.Severity;
import dev.belay.support.Cli;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** No secret of the configuration is anywhere, in any form, whatever goes wrong. */
class SecretsTest {
  /** Not one of them is an ordinary word, and some need to be encoded in a URL. */
  private static final List<String> CANARIES =
      List.of(
          "T0CanarySlack1",
          "B0CanarySlack2",
          "xoCanarySlack3",
          "hookCanaryPath",
          "hookCanaryQuery",
          "hmac@Canary/secret+1",
          "bearerCanaryToken",
          "routingCanaryKey",
          "twilioCanary:token",
          "smtp@Canary pass/1",
          "db@Canary:pw/1");

  @TempDir Path folder;
  private Desk desk;
  private GreenMail mail;

  @BeforeEach
  void start() {
    desk = new Desk(folder);
    mail = new GreenMail(new ServerSetup(0, "127.0.0.1", ServerSetup.PROTOCOL_SMTP));
    mail.setUser("belay", "another");
    mail.getUserManager().setAuthRequired(true);
    mail.start();
  }

  @AfterEach
  void stop() {
    mail.stop();
    desk.close();
  }

  private Cli cli(String base) {
    desk.configured(
        """
        channels:
          team:
            {type: slack, url: "%1$s/services/T0CanarySlack1/B0CanarySlack2/xoCanarySlack3", %3$s}
          hook:
            type: webhook
            url: "%1$s/hookCanaryPath?token=hookCanaryQuery"
            secret: "hmac@Canary/secret+1"
            headers: {Authorization: Bearer bearerCanaryToken}
            %4$s
          pager: {type: pagerduty, baseUrl: "%1$s", routingKey: routingCanaryKey, %3$s}
          cto: {type: sms, baseUrl: "%1$s", accountSid: AC1, authToken: "twilioCanary:token",
                from: "+111111", to: ["+222222"], minSeverity: info, %3$s}
          mail: {type: email, host: 127.0.0.1, port: %2$d, tls: none, allowPlaintext: true,
                user: belay, password: "smtp@Canary pass/1", from: a@b.example, to: c@d.example, %3$s}
        escalation: {0m: [team, hook, pager, cto, mail]}
        """
            .formatted(
                base,
                mail.getSmtp().getPort(),
                "timeout: 1s, pause: 1ms",
                "timeout: 1s\n    pause: 1ms"));
    return desk.cli().with("PGPASSWORD", "db@Canary:pw/1");
  }

  private void everything(Cli cli, List<String> shown) throws IOException {
    // What people type themselves is in the log of the command line, but for what is known there.
    String message = "see https://hooks.slack.com/services/T0CanarySlack1/B0CanarySlack2/x";
    for (List<String> words :
        List.of(
            List.of("send-notification", "--test"),
            List.of("send-notification", "--test", "--output", "json", "--verbose"),
            List.of("send-notification", "migration_failed", "-m", message),
            List.of("send-notification", "migration_failed", "-m", message, "--dry-run"),
            List.of("send-notification", "--escalate", "--output", "json"),
            List.of("create-backup", "--verbose"),
            List.of("send-notification", "--resolve"),
            List.of("config", "--output", "json"),
            List.of("audit"))) {
      Cli.Result result = cli.run(words.toArray(String[]::new));
      shown.add(result.out());
      shown.add(result.err());
    }
    try (var files = Files.walk(folder)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        if (!file.endsWith("belay.yaml")) {
          shown.add(Files.readString(file));
        }
      }
    }
  }

  private static void noCanaryIn(List<String> shown) {
    for (String canary : CANARIES) {
      for (String form :
          List.of(
              canary,
              URLEncoder.encode(canary, StandardCharsets.UTF_8),
              encoded(canary),
              // What a library makes of the part behind an at-sign.
              canary.substring(canary.indexOf('@') + 1))) {
        assertThat(shown).noneMatch(text -> text.contains(form));
      }
    }
    assertThat(shown)
        .as("nor any piece")
        .noneMatch(text -> text.toLowerCase(Locale.ROOT).contains("canary"));
  }

  @Test
  void notWhereServersQuoteWhatTheyWereSent() throws IOException {
    desk.server.stubFor(
        any(anyUrl())
            .willReturn(
                aResponse()
                    .withStatus(400)
                    .withTransformers("response-template")
                    .withBody(
                        "no T0CanarySlack1 at /services/T0CanarySlack1/B0CanarySlack2/xoCanarySlack3,"
                            + " hookCanaryPath?token=hookCanaryQuery hmac%40Canary%2Fsecret%2B1"
                            + " Bearer bearerCanaryToken routingCanaryKey "
                            + encoded("AC1:twilioCanary:token"))));
    List<String> shown = new ArrayList<>();

    everything(cli(desk.url("")), shown);

    noCanaryIn(shown);
    assertThat(String.join("\n", shown)).contains("answers 400: no ****");
    assertThat(desk.requests()).isNotEmpty();
  }

  @Test
  void notWhereConnectionsBreakOrNobodyIsThere() throws IOException {
    desk.server.stubFor(
        any(urlMatching("/.*")).willReturn(aResponse().withFault(Fault.EMPTY_RESPONSE)));
    List<String> shown = new ArrayList<>();

    everything(cli(desk.url("")), shown);
    everything(cli("http://127.0.0.1:1"), shown);
    everything(cli("https://127.0.0.1:" + desk.server.port()), shown);

    noCanaryIn(shown);
  }

  @Test
  void notInMessagesThatArrive() throws IOException {
    desk.server.stubFor(any(anyUrl()).willReturn(aResponse()));
    List<String> shown = new ArrayList<>();

    everything(cli(desk.url("")), shown);

    Notifier notifier = new Notifier();
    Facts facts =
        new Facts(
            RunId.fresh(),
            "create-backup",
            "create-backup --set password=hookCanaryQuery",
            desk.settings(),
            Instant.now(),
            List.of());
    notifier.announced(
        facts,
        new Announcement(
            Announcement.Type.OPERATION_FAILED,
            Severity.ERROR,
            "cannot reach hookCanaryPath",
            Map.of("bearerCanaryToken", "Basic " + encoded("bearerCanaryToken"))));
    notifier.ended(
        facts,
        new Outcome(
            ExitCode.FAILED,
            false,
            true,
            Duration.ZERO,
            null,
            Failure.failed("routingCanaryKey is wrong", "try hookCanaryQuery"),
            List.of()));
    noCanaryIn(shown);
    assertThat(desk.requests()).hasSizeGreaterThan(15);
    assertThat(desk.requests())
        .filteredOn(request -> !request.getUrl().startsWith("/v2"))
        .noneMatch(request -> request.getBodyAsString().contains("Canary"));
  }

  @Test
  void notInTheWordsOfAnObjectThatHoldsThem() {
    cli(desk.url(""));
    Redaction redaction =
        new Redaction().hiding("pässwörd \"x\"").hiding(URI.create("https://h/a/verysecret?k=v"));

    assertThat(redaction.of("p%C3%A4ssw%C3%B6rd+%22x%22 pässwörd \\\"x\\\" verysecret"))
        .isEqualTo("**** **** ****");
    assertThat(new SlackChannel(URI.create("https://h/canary"), new Http(none(), none())))
        .asString()
        .doesNotContain("canary");
  }

  private static String encoded(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  private static <T> Optional<T> none() {
    return Optional.empty();
  }
}
