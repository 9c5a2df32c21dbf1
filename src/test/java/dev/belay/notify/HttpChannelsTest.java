package dev.belay.notify;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.http.Fault;
import com.github.tomakehurst.wiremock.stubbing.Scenario;
import com.github.tomakehurst.wiremock.verification.LoggedRequest;
import dev.belay.support.Cli;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Slack, webhooks, PagerDuty and SMS against a server that behaves and one that does not. */
class HttpChannelsTest {
  @TempDir Path folder;
  private Desk desk;

  @BeforeEach
  void start() {
    desk = new Desk(folder);
    desk.server.stubFor(any(anyUrl()).willReturn(aResponse().withStatus(200)));
  }

  @AfterEach
  void stop() {
    desk.close();
  }

  private Cli.Result send(int status, String... more) {
    String[] all = new String[more.length + 4];
    List<String> begin = List.of("send-notification", "operation_completed", "-m", "it is done");
    for (int word = 0; word < all.length; word++) {
      all[word] = word < 4 ? begin.get(word) : more[word - 4];
    }
    return desk.cli().expect(status, all);
  }

  private void webhook(String more) {
    desk.configured(
        "channels: {hook: {type: webhook, url: \"%s\", %s %s}}"
            .formatted(desk.url("/hook"), more, Desk.QUICK));
  }

  private void impatientWebhook(String more) {
    desk.configured(
        "channels: {hook: {type: webhook, url: \"%s\", %s %s}}"
            .formatted(desk.url("/hook"), more, Desk.IMPATIENT));
  }

  private void answers(ResponseDefinitionBuilder... answers) {
    for (int at = 0; at < answers.length; at++) {
      desk.server.stubFor(
          post(anyUrl())
              .inScenario("answers")
              .whenScenarioStateIs(at == 0 ? Scenario.STARTED : "answer " + at)
              .willReturn(answers[at])
              .willSetStateTo(
                  answers.length == 1
                      ? Scenario.STARTED
                      : "answer " + Math.min(at + 1, answers.length - 1)));
    }
  }

  private static ResponseDefinitionBuilder status(int status) {
    return aResponse().withStatus(status).withBody("the body of " + status);
  }

  @Test
  void aServerThatFailsTwiceIsToldAtTheThirdTry() {
    webhook("");
    answers(status(500), status(503), status(200));

    Cli.Result result = send(0);

    assertThat(result.out()).contains("told hook (webhook, 127.0.0.1:" + desk.server.port());
    assertThat(desk.requests()).hasSize(3);
    assertThat(desk.requests())
        .extracting(request -> request.getHeader("Idempotency-Key"))
        .as("the same event has the same key in every try")
        .doesNotContainNull()
        .containsOnly(desk.requests().get(0).getHeader("Idempotency-Key"));
  }

  @Test
  void aServerThatFailsAlwaysIsGivenUpAndNamed() {
    webhook("");
    answers(status(500));

    Cli.Result result = send(12);

    assertThat(desk.requests()).hasSize(3);
    assertThat(result.out())
        .contains("not told hook (webhook, 127.0.0.1:")
        .contains("answers 500: the body of 500 (3 tries)");
  }

  @Test
  void whatAServerAsksToWaitInSecondsIsWaited() {
    webhook("");
    answers(status(429).withHeader("Retry-After", "1"), status(200));

    send(0);

    List<LoggedRequest> requests = desk.requests();
    assertThat(requests).hasSize(2);
    assertThat(
            Duration.between(
                requests.get(0).getLoggedDate().toInstant(),
                requests.get(1).getLoggedDate().toInstant()))
        .isBetween(Duration.ofMillis(990), Duration.ofSeconds(20));
  }

  @Test
  void whatAServerAsksToWaitAsADateIsUnderstood() {
    String date =
        DateTimeFormatter.RFC_1123_DATE_TIME.format(
            Instant.now().plusSeconds(30).atZone(ZoneOffset.UTC));

    assertThat(Http.after(Optional.of(date)).orElseThrow())
        .isBetween(Duration.ofSeconds(27), Duration.ofSeconds(31));
    assertThat(Http.after(Optional.of("Fri, 01 Jan 2010 00:00:00 GMT"))).contains(Duration.ZERO);
    assertThat(Http.after(Optional.of("soon"))).isEmpty();
  }

  @Test
  void aServerThatAsksToWaitForAnHourIsNotWaitedFor() {
    webhook("");
    answers(status(429).withHeader("Retry-After", "3600"));

    Cli.Result result = send(12);

    assertThat(desk.requests()).hasSize(1);
    assertThat(result.out()).contains("asks to be left alone for 1 h 0 min");
  }

  @Test
  void whatTheServerRefusesIsNotTriedAgain() {
    for (int refusal : new int[] {400, 401, 404, 410}) {
      desk.server.resetRequests();
      webhook("");
      desk.server.stubFor(post(anyUrl()).willReturn(status(refusal)));

      Cli.Result result = send(12);

      assertThat(desk.requests()).as("tries after %d", refusal).hasSize(1);
      assertThat(result.out()).contains("answers " + refusal + ": the body of " + refusal);
    }
  }

  @Test
  void aRedirectionIsNotFollowed() {
    webhook("");
    answers(aResponse().withStatus(307).withHeader("Location", desk.url("/elsewhere")));

    Cli.Result result = send(12);

    assertThat(desk.requests()).hasSize(1);
    assertThat(result.out()).contains("answers 307 and sends elsewhere").doesNotContain("/else");
  }

  @Test
  void aServerThatHangsIsGivenUpAfterTheTimeout() {
    impatientWebhook("retries: 2,");
    answers(status(200).withFixedDelay(20_000));
    long begin = System.nanoTime();

    Cli.Result result = send(12);

    assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(10));
    assertThat(result.out()).contains("no answer from 127.0.0.1").contains("1.0 s (2 tries)");
  }

  @Test
  void aSuccessWhoseBodyDripsIsASuccessAtOnce() {
    webhook("");
    // The head comes with the first piece, after 50 ms.
    answers(status(200).withBody("x".repeat(5_000)).withChunkedDribbleDelay(400, 20_000));
    long begin = System.nanoTime();

    send(0);

    assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(10));
    assertThat(desk.requests()).hasSize(1);
  }

  @Test
  void aFailureWhoseBodyDripsIsAFailureSoon() {
    webhook("timeout: 2s, retries: 1, pause: 1ms }} #");
    answers(status(500).withBody("x".repeat(5_000)).withChunkedDribbleDelay(50, 20_000));
    long begin = System.nanoTime();

    Cli.Result result = send(12);

    assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(10));
    assertThat(result.out()).contains("answers 500");
  }

  @Test
  void aServerThatDripsItsHeadIsGivenUp() throws Exception {
    try (Dripping server = new Dripping("HTTP/1.1 200 OK\r\nX-Slow: " + "y".repeat(5_000))) {
      desk.configured(
          "channels: {hook: {type: webhook, url: \"http://127.0.0.1:%d/\", retries: 1, %s}}"
              .formatted(server.port(), Desk.IMPATIENT));

      Cli.Result result = send(12);

      assertThat(result.out()).contains("no answer from 127.0.0.1");
    }
  }

  @Test
  void aConnectionThatBreaksIsTriedAgain() {
    webhook("");
    answers(
        aResponse().withFault(Fault.CONNECTION_RESET_BY_PEER),
        aResponse().withFault(Fault.RANDOM_DATA_THEN_CLOSE),
        status(204));

    send(0);

    assertThat(desk.requests()).hasSize(3);
  }

  @Test
  void anAcceptedMessageWhoseAnswerIsMalformedIsNotSentTwice() {
    webhook("");
    answers(aResponse().withFault(Fault.MALFORMED_RESPONSE_CHUNK));

    send(0);

    assertThat(desk.requests()).hasSize(1);
  }

  @Test
  void aServerThatIsNotThereIsNamed() {
    desk.configured(
        "channels: {hook: {type: webhook, url: \"http://127.0.0.1:1/secretpath\", %s}}"
            .formatted(Desk.QUICK));

    Cli.Result result = send(12);

    assertThat(result.out()).contains("127.0.0.1:1 refuses the connection (3 tries)");
    assertThat(result.out() + result.err()).doesNotContain("secretpath");
  }

  @Test
  void aWebhookIsSignedOverTimestampAndBody() throws Exception {
    webhook("secret: \"s3cr3t key\", headers: {Authorization: \"Bearer abcdefgh\", X-Team: dba},");

    send(0, "--fact", "Impact=\"quoted\" and ünïcode\u0007");

    LoggedRequest request = desk.requests().get(0);
    String timestamp = request.getHeader("X-Belay-Timestamp");
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec("s3cr3t key".getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
    byte[] expected =
        mac.doFinal((timestamp + "." + request.getBodyAsString()).getBytes(StandardCharsets.UTF_8));
    assertThat(request.getHeader("X-Belay-Signature"))
        .isEqualTo("sha256=" + HexFormat.of().formatHex(expected));
    assertThat(Long.parseLong(timestamp)).isCloseTo(Instant.now().getEpochSecond(), within(60));
    assertThat(request.getHeader("Authorization")).isEqualTo("Bearer abcdefgh");
    assertThat(request.getHeader("X-Team")).isEqualTo("dba");
    JsonNode body = desk.bodies().get(0);
    assertThat(body.get("event").asString()).isEqualTo("operation_completed");
    assertThat(body.get("title").asString()).isEqualTo("it is done");
    assertThat(body.get("database").asString()).isEqualTo("orders@127.0.0.1:1");
    assertThat(body.get("facts").get("Impact").asString()).startsWith("\"quoted\" and ünïcode");
  }

  private static Offset<Long> within(long seconds) {
    return Offset.offset(seconds);
  }

  @Test
  void slackIsGivenNoMentionsAndNoLinksThatNobodyWrote() {
    desk.configured(
        "channels: {team: {type: slack, url: \"%s\"}}".formatted(desk.url("/services/T/B/x")));

    desk.cli()
        .expect(
            0,
            "send-notification",
            "data_integrity_issue",
            "-m",
            "table <!channel> & \"x\"; drop table\nsecond <line>");

    String text = desk.bodies().get(0).get("text").asString();
    assertThat(text)
        .startsWith("*[WARNING]* table &lt;!channel&gt; &amp; \"x\"; drop table")
        .contains("second &lt;line&gt;")
        .doesNotContain("<");
  }

  @Test
  void aMessageLongerThanSlackTakesIsCutAndSaysWhereTheWholeIs() {
    desk.configured(
        "channels: {team: {type: slack, details: 100000, url: \"%s\"}}"
            .formatted(desk.url("/services/T/B/x")));
    String many =
        "200 tables failed"
            + IntStream.range(0, 2_000)
                .mapToObj(table -> "\ntable public.t%04d <failed> 😀".formatted(table))
                .collect(Collectors.joining());

    Cli.Result result =
        desk.cli().expect(0, "send-notification", "data_integrity_issue", "-m", many);

    String text = desk.bodies().get(0).get("text").asString();
    assertThat(text.length()).isLessThanOrEqualTo(40_000 + 20);
    assertThat(text).containsPattern("… [\\d,]+ more characters are in .*belay\\.log\\z");
    assertThat(result.out()).contains("the message was cut by");
    assertThat(desk.file("belay.log")).contains("table public.t1999 <failed>");
  }

  @Test
  void onlySoManyLinesOfDetailsAreTold() {
    desk.configured(
        "channels: {team: {type: slack, details: 2, url: \"%s\"}}".formatted(desk.url("/s")));

    desk.cli().expect(0, "send-notification", "operation_failed", "-m", "t\n1\n2\n3\n4");

    assertThat(desk.bodies().get(0).get("text").asString())
        .contains("1\n2\n… and 2 more lines; all of them are in ");
  }

  @Test
  void pagerDutyIsTriggeredAndResolvedUnderOneKey() {
    desk.configured(
        "channels: {pager: {type: pagerduty, routingKey: R0UT1NG, baseUrl: \"%s\"}}"
            .formatted(desk.url("/")));

    desk.cli().expect(0, "send-notification", "migration_failed", "-m", "V7 failed");
    desk.cli().expect(0, "send-notification", "--resolve", "-m", "restored");

    JsonNode trigger = desk.bodies().get(0);
    JsonNode resolve = desk.bodies().get(1);
    assertThat(desk.requests()).allMatch(request -> request.getUrl().equals("/v2/enqueue"));
    assertThat(trigger.get("routing_key").asString()).isEqualTo("R0UT1NG");
    assertThat(trigger.get("event_action").asString()).isEqualTo("trigger");
    assertThat(trigger.get("payload").get("severity").asString()).isEqualTo("error");
    assertThat(trigger.get("payload").get("summary").asString()).contains("V7 failed");
    assertThat(trigger.get("payload").get("source").asString()).isEqualTo("orders@127.0.0.1:1");
    assertThat(resolve.get("event_action").asString()).isEqualTo("resolve");
    assertThat(resolve.get("dedup_key")).isEqualTo(trigger.get("dedup_key"));
  }

  @Test
  void shortMessagesGoToEachNumberAsTwilioWantsThem() {
    desk.configured(
        """
        channels:
          duty:
            type: sms
            baseUrl: "%s"
            accountSid: AC123
            authToken: t0ken
            from: "+4366400000"
            to: ["+4366411111", "+4366422222"]
        """
            .formatted(desk.url("")));

    desk.cli()
        .expect(0, "send-notification", "emergency_recovery", "-m", "all & everything is down");

    assertThat(desk.requests())
        .extracting(request -> request.getUrl())
        .containsOnly("/2010-04-01/Accounts/AC123/Messages.json");
    LoggedRequest first = desk.requests().get(0);
    assertThat(first.getHeader("Authorization"))
        .isEqualTo(
            "Basic "
                + Base64.getEncoder()
                    .encodeToString("AC123:t0ken".getBytes(StandardCharsets.UTF_8)));
    assertThat(first.getBodyAsString())
        .contains("To=%2B4366411111&From=%2B4366400000&Body=CRITICAL%3A+all+%26+everything");
    assertThat(desk.requests().get(1).getBodyAsString()).startsWith("To=%2B4366422222&");
  }

  @Test
  void aNumberThatIsRefusedDoesNotKeepOthersFromBeingTold() {
    desk.configured(
        "channels: {duty: {type: sms, baseUrl: \"%s\", accountSid: AC1, authToken: t0ken, "
                .formatted(desk.url(""))
            + "from: MG12345678, to: [\"+111111\", \"+222222\"]}}");
    answers(aResponse().withStatus(400).withBody("{\"message\":\"unsubscribed\"}"), status(201));

    Cli.Result result =
        desk.cli().expect(0, "send-notification", "emergency_recovery", "-m", "down");

    assertThat(result.out()).contains("but not to 1 of 2 numbers: +111111:").contains("unsubs");
    assertThat(desk.requests().get(1).getBodyAsString()).contains("MessagingServiceSid=MG12345678");
  }

  @Test
  void aWebhookMayHaveABodyOfItsOwn() throws Exception {
    Files.writeString(folder.resolve("discord.json"), "{\"content\": \"{{severity}}: {{title}}\"}");
    webhook("template: discord.json,");

    desk.cli().expect(0, "send-notification", "operation_failed", "-m", "a \"quoted\" \\ name");

    assertThat(desk.requests().get(0).getBodyAsString())
        .isEqualTo("{\"content\": \"error: a \\\"quoted\\\" \\\\ name\"}");
  }

  @Test
  void theSameEventIsToldOnceAndAgainOnlyWhoseChannelFailed() {
    desk.configured(
        "channels: {good: {type: webhook, url: \"%s\"}, bad: {type: webhook, url: \"%s\"}}"
            .formatted(desk.url("/good"), desk.url("/bad")));
    desk.server.stubFor(post(urlPathEqualTo("/bad")).willReturn(status(400)));

    send(12, "--dedup-key", "nightly");
    Cli.Result again = send(12, "--dedup-key", "nightly");
    desk.server.stubFor(post(urlPathEqualTo("/bad")).willReturn(status(200)));
    send(0, "--dedup-key", "nightly");
    send(0, "--dedup-key", "nightly");

    assertThat(again.out())
        .contains("good (webhook, 127.0.0.1:")
        .contains("was told of this before");
    assertThat(desk.requests())
        .extracting(request -> request.getUrl())
        .filteredOn("/good"::equals)
        .hasSize(1);
    assertThat(desk.requests())
        .extracting(request -> request.getUrl())
        .filteredOn("/bad"::equals)
        .hasSize(3);
  }
}
