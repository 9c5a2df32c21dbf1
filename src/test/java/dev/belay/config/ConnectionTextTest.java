package dev.belay.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belay.core.ExitCode;
import dev.belay.core.Failure;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.PGProperty;

class ConnectionTextTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "postgresql://app:pw@db1:5433/orders?sslmode=require | db1 5433 orders app pw require",
        "postgres://app@db1/orders | db1 - orders app - -",
        "POSTGRESQL://db1 | db1 - - - - -",
        "postgresql:// | - - - - - -",
        "postgresql:///orders | - - orders - - -",
        "postgresql://:5433/orders | - 5433 orders - - -",
        "postgresql://%2Fvar%2Frun%2Fpostgresql/orders | /var/run/postgresql - orders - - -",
        "postgresql:///orders?host=/tmp/s&port=6000 | /tmp/s 6000 orders - - -",
        "postgresql://[2001:db8::1]:5433/orders | 2001:db8::1 5433 orders - - -",
        "postgresql://[::1]/ | ::1 - - - - -",
        "postgresql://a%40b:p%40s%2Fs%3A%23@h/d%C3%9C | h - dÜ a@b p@s/s:# -",
        "postgresql://u:p+q@h/d | h - d u p+q -",
        "postgresql://u:p:q#r@h/d | h - d u p:q#r -",
        "postgresql://h/d?user=a@azure&password=x%26y | h - d a@azure x&y -",
        "postgresql://h/d?ssl=true | h - d - - require",
        "jdbc:postgresql://h:1/d?user=u&password=p+q%2B | h 1 d u p q+ -",
        "jdbc:postgresql:d | - - d - - -",
        "jdbc:postgresql:///d | - - d - - -",
        "jdbc:postgresql://h/d?ssl=true | h - d - - verify-full",
        "jdbc:postgresql://h/d?currentSchema=x&ApplicationName=y | h - d - - -",
        "jdbc:p6spy:postgresql://h/d | h - d - - -",
        "host=h port=1 dbname=d user=u password=p sslmode=prefer | h 1 d u p prefer",
        "host = h   dbname=d | h - d - - -",
        "host=/tmp/s user=u | /tmp/s - - u - -",
        "orders | - - orders - - -",
        "or;ders \"Ü | - - or;ders \"Ü - - -",
      })
  void readsEveryForm(String text, String expected) {
    Parts parts = ConnectionText.parse(text, "--url");

    String read =
        String.join(
            " ",
            parts.text(ConnectionPart.HOST, "-"),
            parts.text(ConnectionPart.PORT, "-"),
            parts.text(ConnectionPart.DATABASE, "-"),
            parts.text(ConnectionPart.USER, "-"),
            parts.text(ConnectionPart.PASSWORD, "-"),
            parts.text(ConnectionPart.SSL_MODE, "-"));
    assertThat(read).isEqualTo(expected);
  }

  @Test
  void readsQuotesAndBackslashesOfKeywordsAsLibpqDoes() {
    Parts parts =
        ConnectionText.parse("dbname='my \\'db\\'' password=a\\ b\\\\c user = 'x y'", "--url");

    assertThat(parts.text(ConnectionPart.DATABASE, "")).isEqualTo("my 'db'");
    assertThat(parts.text(ConnectionPart.PASSWORD, "")).isEqualTo("a b\\c");
    assertThat(parts.text(ConnectionPart.USER, "")).isEqualTo("x y");
  }

  @Test
  void readsTheSocketOfAJdbcUrl() {
    Parts parts =
        ConnectionText.parse(
            "jdbc:postgresql://localhost/d?socketFactory="
                + "org.newsclub.net.unix.AFUNIXSocketFactory$FactoryArg"
                + "&socketFactoryArg=/tmp/s/.s.PGSQL.6000",
            "--url");

    assertThat(parts.text(ConnectionPart.HOST, "")).isEqualTo("/tmp/s");
    assertThat(parts.text(ConnectionPart.PORT, "")).isEqualTo("6000");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "postgresql://app:zq@xj@host/d",
        "postgresql://app:zq/xj@host/d",
        "postgresql://app:zq@x/xj@host/d",
        "postgresql://app:zq?xj@host/d",
        "postgresql://app:123?zqxj=1@host/d",
        "postgresql://app:zqxj/d",
        "postgresql://app:zq%xj@host/d",
        "postgresql://app:zqxj%0@host/d",
        "postgresql://app:%ff%fezqxj@host/d",
        "postgresql://app:x@zq xj/d",
        "postgresql://app:x@zqxj:y/d",
        "postgresql://app:x@h:1:zqxj/d",
        "postgresql://app:x@[zqxj/d",
        "postgresql://zqxj:x@h1,h2/d",
        "postgresql://h/d?host=zqxj,h2",
        "postgresql://h1:zqxj,h2/d",
        "postgresql://h/d?password",
        "mysql://app:zqxj@h/d",
        "jdbc:mysql://h/d?password=zqxj",
        "app:zqxj@host/d",
        "postgresql:/app:zqxj@host/d",
        "host=h password=a zqxj",
        "host=h password=a zqxj=b",
        "host=h password='zqxj",
        "host=h port=zqxj",
        "postgresql://h/d?sslpassword=zqxj",
        "postgresql://h/d?hostaddr=zqxj",
        "jdbc:postgresql://h/d?zqxj@x",
        "jdbc:postgresql://h/d?sslpassword=zqxj",
        "jdbc:postgresql://h/d?sslfactory=zqxj",
        "postgresql://@zqxj@/d",
        "host=@zqxj",
      })
  void refusesAMalformedOneWithoutShowingAnyOfIt(String text) {
    assertThatThrownBy(() -> ConnectionText.parse(text, "--url"))
        .isInstanceOfSatisfying(
            Failure.class,
            failure -> {
              assertThat(failure.exitCode()).isEqualTo(ExitCode.USAGE);
              assertThat(failure.message() + failure.hint() + failure.getCause())
                  .contains("--url")
                  .doesNotContain("zq")
                  .doesNotContain("xj");
            });
  }

  @Test
  void namesTheKnownParameterThatIsNearest() {
    assertThatThrownBy(() -> ConnectionText.parse("postgresql://h/d?sslmod=require", "--url"))
        .hasMessageContaining("sslmod")
        .extracting(thrown -> ((Failure) thrown).hint())
        .isEqualTo("did you mean sslmode?");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "sslcrl=x",
        "channel_binding=require",
        "gssencmode=require",
        "require_auth=scram-sha-256",
        "target_session_attrs=read-write",
        "sslnegotiation=direct",
        "options=-crole%3Dx",
      })
  void refusesWhatJdbcAndLibpqCannotBothDo(String parameter) {
    assertThatThrownBy(() -> ConnectionText.parse("postgresql://h/d?" + parameter, "--url"))
        .hasMessageContaining(parameter.substring(0, parameter.indexOf('=')))
        .hasMessageContaining("both JDBC and pg_dump");
  }

  @Test
  void knowsEveryPropertyOfTheDriver() {
    for (PGProperty property : PGProperty.values()) {
      String url = "jdbc:postgresql://h/d?" + property.getName() + "=1";
      try {
        ConnectionText.parse(url, "--url");
      } catch (Failure refused) {
        assertThat(refused.message()).as(property.getName()).doesNotContain("unknown parameter");
      }
    }
  }

  @Test
  void tellsOtherMakesOfDatabases() {
    assertThat(ConnectionText.isForeign("jdbc:mysql://h/d")).isTrue();
    assertThat(ConnectionText.isForeign("mysql://h/d")).isTrue();
    assertThat(ConnectionText.isForeign("jdbc:postgresql://h/d")).isFalse();
    assertThat(ConnectionText.isForeign("postgres://h/d")).isFalse();
    assertThat(ConnectionText.isForeign("jdbc:otel:postgresql://h/d")).isFalse();
    assertThat(ConnectionText.isForeign("orders")).isFalse();
  }

  @Test
  void masksArgumentsWhateverTheirForm() {
    assertThat(
            Masking.commandLine(
                List.of(
                    "--url=postgresql://app:can@ary@h/d",
                    "postgresql://h/d?user=x&password=canary",
                    "host=h password='can ary'",
                    "password=canary",
                    "app:canary@h/d",
                    "create-backup")))
        .isEqualTo(
            "--url=postgresql://app:****@h/d postgresql://h/d?user=x&password=**** host=h"
                + " password=**** password=**** app:****@h/d create-backup");
  }

  @Test
  void masksSecretsThatAreWordsOfTheirOwn() {
    assertThat(
            Masking.commandLine(
                List.of(
                    "guard",
                    "--",
                    "./deploy.sh",
                    "--password",
                    "canary",
                    "--api-token",
                    "canary",
                    "-H",
                    "Authorization: Bearer canary",
                    "-H",
                    "Authorization: canary",
                    "https://canary@git.example/x",
                    "https://example/x",
                    "postgresql://app@h/d",
                    "{\"password\": \"can ary\", \"user\": \"app\"}",
                    "token: canary",
                    "-u",
                    "app:canary",
                    "--user=app:canary",
                    "DB_PASS=canary",
                    "--passphrase",
                    "canary",
                    "-u",
                    "1000:1000",
                    "-u",
                    "app:$PASSWORD",
                    "--password-file",
                    "pw.txt",
                    "--no-password",
                    "orders")))
        .doesNotContain("canary", "can ary")
        .contains("https://****@git.example/x https://example/x postgresql://app@h/d")
        .contains("\"user\": \"app\"", "-u app:**** --user=app:****")
        .contains("-u 1000:1000 -u app:$PASSWORD")
        .endsWith("--password-file pw.txt --no-password orders");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "belay migrate --set passwordFile=/run/pg --url h",
        "belay migrate --url postgresql://db1:5432/orders?user=x; tell ops@corp",
        "belay migrate --url 'postgresql://db1:5432/orders' --config /home/a@b/belay.yaml",
        "postgresql://db1:5432, and orders@db1",
      })
  void whatIsNoSecretStaysToBePasted(String text) {
    assertThat(Masking.text(text)).isEqualTo(text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "postgresql://app:123/canary@db1/orders",
        "postgresql://app:123@canary@db1/orders",
        "postgresql://app:123canary 4@db1/orders",
        "postgresql://app:123456/can@ary canary@db1/orders",
        "postgresql://db1:5432/orders then postgresql://app:canary@db1",
        "passwordFile canary: password=canary",
      })
  void aPasswordThatBeginsLikeAPortIsOne(String text) {
    assertThat(Masking.text(text).replace("File canary:", "")).doesNotContain("canary");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "jdbc:postgresql://db:5432/shop?user=app&password=c@nary"
            + " | jdbc:postgresql://db:5432/shop?user=app&password=****",
        "-url=jdbc:postgresql://db:5432/shop?password=c@nary&user=app"
            + " | -url=jdbc:postgresql://db:5432/shop?password=****",
        "postgresql://db:5432/shop?user=me@corp&password=c:c@nary@nary"
            + " | postgresql://db:5432/shop?user=me@corp&password=****",
        "postgresql://db/shop?p%61ssword=c@nary | postgresql://db/shop?p%61ssword=****",
        "postgresql://db:5432/shop?p%61ssword=c@nary | postgresql://db:****",
        "host=::1 user=app password=c@nary | host=::1 user=app password=****",
        "host=fe80::1 port=5432 user=me:canary@corp | host=fe80::1 port=5432 user=me:****@corp",
        "postgresql://db1:5432/orders?user=me@corp&passfile=/f"
            + " | postgresql://db1:5432/orders?user=me@corp&passfile=/f",
        "postgresql://[::1]:5432/orders?user=me@corp | postgresql://[::1]:5432/orders?user=me@corp",
        "postgresql://db1:5432,db2:5433/orders?user=me@corp"
            + " | postgresql://db1:5432,db2:5433/orders?user=me@corp",
        "postgresql://app:canary@db1/orders?password=c@nary | postgresql://app:****",
        "postgresql://app:ca?token=n@ry | postgresql://app:****",
        "postgresql://app:12?ca=n@ry | postgresql://app:****@ry",
        "postgresql://app:1234/canary@db1 | postgresql://app:****@db1",
        "postgresql://app:123?user=canary@db/shop | postgresql://app:****@db/shop",
        "app:c;password=a@nary | app:****",
        "user=app:c password=a@nary | user=app:****",
        "password=c:a@nary | password=****",
        "registry.example:5000/mig@sha256:ab12 | registry.example:5000/mig@sha256:ab12",
        "mig:1.2@sha256:ab12 | mig:1.2@sha256:ab12",
        "app:canary@sha256 | app:****@sha256",
        "--password-file=/run/pg | --password-file=/run/pg",
        "DB_PASSWORD_FILE=/run/pg | DB_PASSWORD_FILE=/run/pg",
        "-passwordFile=/run/pg | -passwordFile=/run/pg",
        "--token-file=/run/token | --token-file=/run/token",
        "-tokenFile=/run/token | -tokenFile=/run/token",
        "--password-files=canary | --password-files=****",
        "token-profile=canary | token-profile=****",
        "notify.channels.ops.headers.X-File=canary | notify.channels.ops.headers.X-File=****",
      })
  void ofAnArgumentASecretGoesWithAllThatMayBeOfIt(String word, String shown) {
    assertThat(Masking.argument(word)).isEqualTo(shown);
    assertThat(Masking.words(List.of(word))).containsExactly(shown);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "at jdbc:postgresql://db:5432/shop?user=app&password=c@nary now"
            + " | at jdbc:postgresql://db:5432/shop?user=app&password=**** now",
        "at postgresql://db:5432/shop?password=c:a@nary now | at postgresql://db:5432/shop?password=**** now",
        "at postgresql://app:123?user=canary@db/shop | at postgresql://app:****@db/shop",
        "at postgresql://db:5432/shop?p%61ssword=c@nary now | at postgresql://db:**** now",
        "at postgresql://db:5432/shop?user=me:canary@corp | at postgresql://db:****@corp",
        "at postgresql://app:can@db/x?password=c@nary now | at postgresql://app:**** now",
        "postgresql://app:can@db, password: 'c@n ary', so | postgresql://app:****, so",
        "postgresql://app:can@db?password=c&n@ry, so | postgresql://app:**** so",
        "postgresql://db1:5432/a?user=me@corp&passfile=/f or postgresql://app:canary@db2"
            + " | postgresql://db1:5432/a?user=me@corp&passfile=/f or postgresql://app:****@db2",
        "postgresql://[::1]:5432/a?user=me@corp | postgresql://[::1]:5432/a?user=me@corp",
        "postgresql://db1:5432,db2/a?user=me@corp | postgresql://db1:5432,db2/a?user=me@corp",
        "postgresql://app:123?canary=1@host/d | postgresql://app:****@host/d",
        "token-file: /run/token | token-file: /run/token",
      })
  void ofATextASecretGoesWithAllThatMayBeOfIt(String text, String shown) {
    assertThat(Masking.text(text)).isEqualTo(shown);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "PGPASSWORD=$DB_PW flyway migrate",
        "PGPASSWORD=\"${DB_PW}\" flyway -url=jdbc:postgresql://db:5432/x?user=me@corp migrate",
        "export PGPASSWORD=$(cat /run/pg); flyway migrate",
        "psql postgresql://app:$DB_PW@db/shop -c 'select 1'",
        "docker run registry.example:5000/mig@sha256:ab12 migrate",
        "flyway --password-file=/run/pg migrate",
        "insert into audit values ('deploy: done', 'ops@example.org')",
      })
  void aScriptWithoutSecretsStaysAsItIs(String script) {
    List<String> words = List.of("/bin/sh", "-ec", script);

    assertThat(Masking.words(words)).isEqualTo(words);
  }

  @Test
  void aStatementWithoutSecretsStaysAsItIs() {
    String statement = "insert into audit values ('deploy: done', 'ops@example.org')";

    for (List<String> words :
        List.of(List.of("psql", "-c", statement), List.of("mysql", "-e", statement))) {
      assertThat(Masking.words(words)).isEqualTo(words);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "PGPASSWORD=canary psql -c 'select 1' | PGPASSWORD=**** psql -c 'select 1'",
        "PGPASSWORD='can ary' psql | PGPASSWORD=**** psql",
        "PGPASSWORD='$canary' psql | PGPASSWORD=**** psql",
        "PGPASSWORD=$A'canary' psql | PGPASSWORD=****",
        "psql 'host=h password=$canary user=app' -c x | psql 'host=h password=**** user=app' -c x",
        "psql 'postgresql://app:$canary@db/x' -c x | psql 'postgresql://app:****@db/x' -c x",
        "psql 'host=h password=a\";canary' -c x | psql 'host=h password=****",
        "export PGPASSWORD='can ary'; psql | export PGPASSWORD=****; psql",
        "PGPASSWORD='can'ary psql | PGPASSWORD=****",
        "PGPASSWORD=can\\ ary psql | PGPASSWORD=**** psql",
        "PGPASSWORD=${A:-canary} psql | PGPASSWORD=**** psql",
        "psql 'host=h password=can&ary user=app' | psql 'host=h password=**** user=app'",
        "psql postgresql://app:can@ary@db/x -c 'select 1' | psql postgresql://app:****@db/x -c 'select 1'",
        "psql postgresql://app:$A@canary@db/x | psql postgresql://app:****@db/x",
        "psql postgresql://db:5432/x?user=app&password=c@nary -c x"
            + " | psql postgresql://db:5432/x?user=app&password=**** -c x",
        "mysqlsh app:canary@db:3306 --sql | mysqlsh app:****@db:3306 --sql",
        "mysqlsh app:can://ary@db:3306 --sql | mysqlsh app:****@db:3306 --sql",
        "alter role app password 'can ary' valid until 'x' | alter role app password **** valid until 'x'",
        "tool --password canary | tool --password canary",
        "./notify.sh --webhook-url=https://chat.corp/hooks/canary x | ./notify.sh --webhook-url=**** x",
        "export WEBHOOK_URL='https://chat.corp/canary'; deploy | export WEBHOOK_URL=****; deploy",
        "WEBHOOK_URL=$HOOK deploy | WEBHOOK_URL=$HOOK deploy",
        "env DB_PWD_PROD=canary psql -f y | env DB_PWD_PROD=**** psql -f y",
        "belay x --set notify.channels.ops.url=https://h/canary y"
            + " | belay x --set notify.channels.ops.url=**** y",
        "tool secrets[0].value=canary x | tool secrets[0].value=**** x",
        "psql postgresql://db/x?p%61ssword=canary -c y | psql postgresql://db/x?p%61ssword=**** -c y",
      })
  void aScriptLosesItsSecretsAlone(String script, String shown) {
    assertThat(Masking.words(List.of("sh", "-c", script))).containsExactly("sh", "-c", shown);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "PGPASSWORD=can ary",
        "host=h password=$can ary",
        "app:can ary@db",
        "postgresql://app:can ary@db/x",
        "--password=can ary",
      })
  void aValueWithBlanksGoesWhole(String word) {
    assertThat(Masking.commandLine(List.of("docker", "run", "-e", word)))
        .doesNotContain("can", "ary");
  }

  @Test
  void tellsNamesOfSecretsFromOthers() {
    assertThat(
            List.of(
                "DB_PASS", "PGPASS", "pass", "MYSQL_PWD", "pwd", "passphrase", "SSL_PRIVATE_KEY"))
        .allMatch(Masking::soundsSecret);
    assertThat(List.of("PWD", "OLDPWD", "PGPASSFILE", "bypass", "passes", "compass"))
        .noneMatch(Masking::soundsSecret);
  }

  @Test
  @Timeout(120)
  void masksALongLineInTime() {
    for (String part :
        List.of(
            "a",
            "password",
            "token.",
            "https://h:1/",
            "https://",
            "password=\"\\\\",
            "password=x@",
            "password=x&",
            "p%61ssword=x@",
            "secret[",
            "postgresql://db:1/x?user=a@b&",
            "postgresql://db:1/x?user=a@b:c@",
            "p%61ssword=x&",
            "a ",
            "PGPASSWORD=$A ",
            "password=a\\ ",
            "a:b@c ",
            "x:",
            "://a:")) {
      String line = part.repeat((1 << 18) / part.length());
      assertThat(Masking.text(line + "@")).isNotEmpty();
      assertThat(Masking.text("password=\"" + line)).isNotEmpty();
      assertThat(Masking.text("postgresql://app:" + line + "@")).isNotEmpty();
      String shorter = line.substring(line.length() / 4 * 3) + "@";
      for (String beginning : List.of("", "postgresql://app:", "run ", "host=::1 ")) {
        assertThat(Masking.words(List.of("sh", "-c", beginning + shorter))).isNotEmpty();
        assertThat(Masking.argument(beginning + shorter)).isNotEmpty();
      }
    }
  }
}
