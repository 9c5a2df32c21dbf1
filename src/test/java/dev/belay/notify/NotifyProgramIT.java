package dev.belay.notify;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.core.Target;
import dev.belay.report.Json;
import dev.belay.support.Children;
import dev.belay.support.Cli;
import dev.belay.support.Program;
import dev.belay.support.TestServer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** The packaged program tells people, or cannot, and does what it does in either case. */
@Timeout(180)
class NotifyProgramIT {
  @TempDir Path folder;
  private Desk desk;
  private Target target = TestServer.admin();

  @BeforeEach
  void start() {
    target = TestServer.fresh("orders");
    desk = new Desk(folder);
    desk.server.stubFor(any(anyUrl()).willReturn(aResponse()));
  }

  @AfterEach
  void stop() {
    desk.close();
    TestServer.drop(target);
  }

  private Program configured(String url, String more) throws Exception {
    desk.configured("channels: {hook: {type: webhook, url: \"%s\", %s}}".formatted(url, more));
    Path file = folder.resolve("belay.yaml");
    Files.writeString(
        file,
        Files.readString(file).replaceFirst("url: postgresql://app@127.0.0.1:1/orders\n", ""));
    return new Program(folder).on(target);
  }

  @Test
  void aDeadWebhookChangesNeitherTheAnswerNorTheExitStatus() throws Exception {
    Program program = configured("http://127.0.0.1:1/CANARY", Desk.QUICK);

    Cli.Result result = program.run("create-backup", "--output", "json");

    assertThat(result.status()).as(result.err()).isZero();
    JsonNode answer = Json.MAPPER.readTree(result.out());
    assertThat(answer.get("outcome").asString()).isEqualTo("OK");
    assertThat(result.err().lines().filter(line -> line.contains(" - WARN - ")))
        .singleElement()
        .asString()
        .contains("not told hook (webhook, 127.0.0.1:1)");
    assertThat(result.err() + desk.file("belay.log")).doesNotContain("CANARY");
  }

  @Test
  void aSignalIsToldOfAndTheExitStatusIsTheSignals() throws Exception {
    Program program = configured(desk.url("/hook"), "timeout: 10s");
    Path pids = folder.resolve("pids");
    Path tools = Files.createDirectories(folder.resolve("slow tools"));
    Path tool = tools.resolve("pg_dump");
    Files.writeString(
        tool,
        "#!/bin/sh\n[ \"$1\" = --version ] && { echo 'pg_dump (PostgreSQL) 99.1'; exit; }\n"
            + "echo $$ >'%s'; exec sleep 600\n".formatted(pids));
    assertThat(tool.toFile().setExecutable(true)).isTrue();
    Program.Running running =
        program.with("BELAY_POSTGRES_PROGRAMS", tools.toString()).start("create-backup");
    Children.awaitFile(pids);

    running.process().destroy();

    Cli.Result result = running.result();
    assertThat(result.status()).isEqualTo(143);
    Children.assertGone(pids);
    assertThat(desk.bodies())
        .as(result.err())
        .singleElement()
        .satisfies(
            body -> {
              assertThat(body.get("severity").asString()).isEqualTo("critical");
              assertThat(body.get("title").asString()).contains("was ended by a signal");
            });
  }

  @Test
  void whereNothingIsConfiguredNothingOfItIsLoaded() throws Exception {
    Program program =
        new Program(folder)
            .on(target)
            .with("BELAY_CLASS_ARCHIVE", "off")
            .with("BELAY_JAVA_OPTS", "-Xlog:class+load:file=" + folder.resolve("classes"));

    assertThat(program.run("create-backup").status()).isZero();

    assertThat(desk.file("classes"))
        .contains("dev.belay.notify.Notifier")
        .doesNotContain("dev.belay.notify.NotifySettings")
        .doesNotContain("jakarta.mail")
        .doesNotContain("dev.failsafe")
        .doesNotContain("java.net.http");
  }
}
