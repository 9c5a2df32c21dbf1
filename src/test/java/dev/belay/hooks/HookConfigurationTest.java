package dev.belay.hooks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.support.Cli;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is wrong with hooks and health checks is said before anything is begun. */
class HookConfigurationTest {
  @TempDir Path folder;

  private Cli belay(String yaml) throws IOException {
    Files.writeString(folder.resolve("belay.yaml"), yaml);
    return new Cli(folder).with("PATH", System.getenv("PATH"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "hooks: {rollback-migation: {before: echo}} | unknown key 'rollback-migation' of hooks | rollback-migration",
        "hooks: {list-backups: {before: echo}} | unknown key 'list-backups' of hooks | did you mean",
        "hooks: {create-backup: {befor: echo}} | unknown key 'befor' of hooks.create-backup | before",
        "hooks: {create-backup: echo} | hooks.create-backup says not when | below before",
        "hooks: {create-backup: {before: \"echo 'open\"}} | a single quote that is not closed | close the quote",
        "hooks: {create-backup: {before: [\"stop app && sleep 1\"]}} | has a '&' for a shell | sh -c 'stop app && sleep 1'",
        "hooks: {create-backup: {before: [echo, \"\", echo]}} | an item of hooks.create-backup.before is empty | one text",
        "hooks: {create-backup: {before: [{run: echo}]}} | is empty, or not one command line | one text",
        "hooks: {create-backup: {before: \"''\"}} | names no program | a program and its arguments",
        "hooks: {timeout: soon} | hooks.timeout is 'soon', not a duration | timeout: 60s",
        "hooks: {create-backup: {timeout: 0s, before: echo}} | not from 1 ms to | timeout: 60s",
        "hooks: {create-backup: {before: echo}, createBackup: {after: echo}} | are the same command | write them as one",
        "health: [ftp://app/health] | neither a URL nor a query | https://",
        "health: ['sql:'] | has no query | sql: select true",
        "health: {app: {expect: ok}} | has neither url and sql | write one of them",
        "health: {app: {url: 'http://a/', sql: select 1}} | has both url and sql | write one of them",
        "health: {app: {url: 'http://a/', expects: ok}} | unknown key 'expects' of health.app | expect",
        "health: {patience: long, app: 'http://a/'} | health.patience is 'long' | patience: 30s",
      })
  void isUsage(String yaml, String error, String hint) throws IOException {
    Cli.Result config = belay(yaml).run("config");

    assertThat(config.status()).as(config.out() + config.err()).isEqualTo(2);
    assertThat(config.err()).contains(error).contains(hint).contains("belay.yaml:1");
  }

  @Test
  void namesOfCommandsAreFoundInAnySpelling() throws IOException {
    String yaml =
        """
        hooks:
          all:
            before: ["true"]
          rollbackPointExecute:
            on-failure: echo 'it''s wrong'
          emergency_rollback:
            after: ["true", "echo \\"a b\\" \\\\\\\\"]
        """;

    String shown = belay(yaml).expect(0, "config").out();

    assertThat(shown)
        .contains("hooks.all.before.0")
        .contains("hooks.rollbackPointExecute.on-failure")
        .contains("hooks.emergency_rollback.after.1");
  }

  @Test
  void secretsInACommandLineOrAUrlAreNotShown() throws IOException {
    String yaml =
        """
        hooks:
          all:
            before: notify --token=abcdefgh
        health:
          app: https://me:hunter22@app.example/health
        """;

    String shown = belay(yaml).expect(0, "config").out();

    assertThat(shown).doesNotContain("abcdefgh").doesNotContain("hunter22").contains("****");
  }

  @Test
  void aCommandThatOnlyLooksDoesNotMind() throws IOException {
    belay("hooks: {create-bakup: {before: echo}}").expect(0, "list-backups");
    assertThat(belay("hooks: {create-bakup: {before: echo}}").run("create-backup").status())
        .isEqualTo(2);
  }
}
