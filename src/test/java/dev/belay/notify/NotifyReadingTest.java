package dev.belay.notify;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.tomakehurst.wiremock.client.WireMock;
import dev.belay.support.Cli;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The part {@code notify} of the configuration: all that is wrong is found at once. */
class NotifyReadingTest {
  @TempDir Path folder;
  private Desk desk;

  @BeforeEach
  void start() {
    desk = new Desk(folder);
  }

  @AfterEach
  void stop() {
    desk.close();
  }

  private List<String> problems(String notify) {
    return NotifyReading.read(desk.configured(notify).settings()).problems().messages();
  }

  @Test
  void everythingThatIsWrongIsSaidAtOnceWithItsLine() {
    List<String> problems =
        problems(
            """
            chanels: x
            channels:
              a: {type: pigeon}
              b: {type: slack}
              c: {type: slack, url: "https://x.example.org/s3cretPath", colour: red, minSeverity: bad}
              d: {type: webhook, url: "http://example.org/h00k", timeout: 3h, retries: 0}
              e: {type: email, host: h, from: nobody, to: [x], user: u, fallback: nowhere}
              f: {type: sms, from: "+431234", to: [0664]}
              g: {type: pagerduty, events: [birthday], rateLimit: often}
              h: {type: webhook, url: "${NOT_SET_ANYWHERE}", template: no-such-file.txt}
              i: {type: webhook, url: "https://a.example.org", headers: {"bad name": x, Host: y}}
              "j k": {type: slack, url: "https://a.example.org/"}
              l: {url: "https://a.example.org/"}
              m: {type: slack, url: "::not a url s3cretPath"}
            escalation: {soon: [b], 5m: [nobody], 9m: []}
            """);

    assertThat(problems)
        .anyMatch(line -> line.startsWith("belay.yaml:3: unknown key 'chanels'"))
        .anyMatch(line -> line.contains("belay.yaml:5: the type 'pigeon' of channel a"))
        .anyMatch(line -> line.contains("channel b has no url"))
        .anyMatch(line -> line.contains("belay.yaml:7: unknown key 'colour'"))
        .anyMatch(line -> line.contains("minSeverity is 'bad'"))
        .anyMatch(line -> line.contains("url of channel d begins with http:"))
        .anyMatch(line -> line.contains("timeout is '3h'"))
        .anyMatch(line -> line.contains("retries is '0'"))
        .anyMatch(line -> line.contains("from of channel e is no address"))
        .anyMatch(line -> line.contains("'x' in to of channel e"))
        .anyMatch(line -> line.contains("channel e has no password"))
        .anyMatch(line -> line.contains("the fallback 'nowhere' of channel e"))
        .anyMatch(line -> line.contains("channel f has no accountSid"))
        .anyMatch(line -> line.contains("channel f has no authToken"))
        .anyMatch(line -> line.contains("'0664' in to of channel f"))
        .anyMatch(line -> line.contains("channel g has no routingKey"))
        .anyMatch(line -> line.contains("no type of event 'birthday'"))
        .anyMatch(line -> line.contains("rateLimit is 'often'"))
        .anyMatch(line -> line.contains("the environment variable NOT_SET_ANYWHERE is not set"))
        .anyMatch(line -> line.contains("no template 'no-such-file.txt'"))
        .anyMatch(line -> line.contains("the header 'bad name' of channel i cannot be sent"))
        .anyMatch(line -> line.contains("the header 'Host' of channel i cannot be sent"))
        .anyMatch(line -> line.contains("'j k' cannot be the name of a channel"))
        .anyMatch(line -> line.contains("the channel 'l' has no type"))
        .anyMatch(line -> line.contains("url of channel m is no address"))
        .anyMatch(line -> line.contains("'soon' of escalation"))
        .anyMatch(line -> line.contains("escalation after 5m names 'nobody'"))
        .noneMatch(line -> line.contains("s3cretPath"));
  }

  @Test
  void fallbacksThatLeadInACircleAreRefusedOnce() {
    List<String> problems =
        problems(
            """
            channels:
              a: {type: slack, url: "https://x.example.org/", fallback: b}
              b: {type: slack, url: "https://x.example.org/", fallback: c}
              c: {type: slack, url: "https://x.example.org/", fallback: a}
              d: {type: slack, url: "https://x.example.org/", fallback: d}
            """);

    assertThat(problems).hasSize(2);
    assertThat(problems.get(0)).endsWith("fallbacks lead in a circle: a → b → c → a");
    assertThat(problems.get(1)).endsWith("fallbacks lead in a circle: d → d");
  }

  @Test
  void whatIsRightIsUsedThoughSomethingElseIsWrong() {
    desk.server.stubFor(WireMock.any(WireMock.anyUrl()).willReturn(WireMock.ok()));
    desk.configured(
        "channels: {good: {type: slack, url: \"%s\"}, bad: {type: slack}}"
            .formatted(desk.url("/s")));

    Cli.Result result =
        desk.cli().expect(2, "send-notification", "operation_failed", "-m", "it is late");

    assertThat(desk.requests()).hasSize(1);
    assertThat(result.out()).contains("told good (slack").contains("channel bad has no url");
  }

  @Test
  void nothingConfiguredIsAnErrorThatSaysWhatToWrite() {
    Cli.Result result =
        new Cli(folder).expect(2, "send-notification", "operation_failed", "-m", "x");

    assertThat(result.err())
        .contains("there is nothing under notify")
        .contains("write in belay.yaml");
  }

  @Test
  void aChannelThatIsNotThereIsSaid() {
    desk.configured("channels: {a: {type: slack, url: \"https://x.example.org/\"}}");

    Cli.Result result =
        desk.cli().expect(2, "send-notification", "operation_failed", "-m", "x", "--channel", "b");

    assertThat(result.err()).contains("there is no usable channel 'b'").contains("use one of: a");
  }

  @Test
  void anEventThatNobodyWantsIsRefused() {
    desk.configured(
        "channels: {a: {type: slack, url: \"https://x.example.org/\", events: [test]}}");

    Cli.Result result = desk.cli().expect(11, "send-notification", "operation_failed", "-m", "x");

    assertThat(result.out()).contains("no channel wants it; name one with --channel");
  }

  @Test
  void secretsAreMaskedWhereTheConfigurationIsShown() throws Exception {
    desk.configured(
        """
        channels:
          a: {type: slack, url: "https://hooks.example.org/services/CANARY1/CANARY2"}
          b: {type: pagerduty, routingKey: CANARY3}
          c: {type: webhook, url: "https://w.example.org/?t=CANARY4", headers: {X-Key: CANARY5}}
          d: {type: sms, accountSid: AC1, authToken: CANARY6, from: "+4312345", to: ["+4312345"]}
          e: {type: slack, url: "https://CANARY7@hooks.example.org/x"}
        """);

    Cli.Result text = desk.cli().expect(0, "config");
    Cli.Result json =
        desk.cli()
            .expect(
                0, "config", "--output", "json", "--set", "notify.channels.x.url=https://CANARY8");

    assertThat(text.out()).contains("https://hooks.example.org/****").doesNotContain("CANARY");
    assertThat(json.out()).doesNotContain("CANARY1").doesNotContain("CANARY5");
    assertThat(desk.file("belay.log")).doesNotContain("CANARY");
  }

  @Test
  void aUrlThatOthersMayReadIsRefused() throws Exception {
    desk.configured("channels: {a: {type: slack, url: \"https://hooks.example.org/CANARY\"}}");
    Files.setPosixFilePermissions(
        folder.resolve("belay.yaml"), PosixFilePermissions.fromString("rw-r--r--"));

    Cli.Result result = desk.cli().expect(2, "send-notification", "--test");

    assertThat(result.err()).contains("chmod 600 belay.yaml").doesNotContain("CANARY");
  }

  @Test
  void wordsThatContradictEachOtherAreRefused() {
    desk.configured("channels: {a: {type: slack, url: \"https://x.example.org/\"}}");

    desk.cli().expect(2, "send-notification");
    desk.cli().expect(2, "send-notification", "--test", "--escalate");
    desk.cli().expect(2, "send-notification", "birthday");
    desk.cli().expect(2, "send-notification", "operation_failed", "--incident-began", "yesterday");
    desk.cli()
        .expect(
            2, "send-notification", "operation_failed", "--incident-began", "2999-01-01T00:00:00Z");
    desk.cli().expect(2, "send-notification", "operation_completed", "--incident-began", "5m");
    desk.cli().expect(2, "send-notification", "operation_failed", "--template", "nothing.txt");
    desk.cli().expect(2, "send-notification", "--escalate");
    desk.cli().expect(11, "send-notification", "--resolve");
  }
}
