package dev.belay.guard;

import dev.belay.process.ShellWords;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** The text of a trigger script, for any POSIX shell. */
final class TriggerScript {
  /** Of every word that is put in: it stays as it is, whatever a shell would make of it. */
  private static final String HEAD =
      """
      #!/bin/sh
      # belay create-trigger
      # Runs a command guarded by belay, and exits with the command's status; with belay's own
      # when the command was not run, or when it succeeded and left something to look at.
      # shellcheck disable=SC2016,SC1090,SC1091,SC2034,SC1003,SC2089,SC2090
      set -u
      umask 077

      name=%s
      belay=%s
      directory=%s
      log=%s
      secrets=%s
      """;

  private static final String SECRETS =
      """

      # Secrets are not in this file. They come from the environment, from ~/.pgpass, or from here,
      # as lines NAME='value', in a file that nobody else can read.
      if [ -e "$secrets" ]; then
        if [ -n "$(find "$secrets" -prune \\( -perm -040 -o -perm -004 \\) -print)" ]; then
          printf 'error: %s can be read by others\\nhint: chmod 600 %s\\n' "$secrets" "$secrets" >&2
          exit 12
        fi
        set -a
        . "$secrets"
        set +a
      fi
      """;

  private static final String BODY =
      """

      say() {
        printf '%s %s\\n' "$(date '+%Y-%m-%d %H:%M:%S')" "$*" >>"$log"
      }

      cd "$directory" || exit 12
      if [ ! -x "$belay" ]; then
        printf 'error: belay is not at %s any more\\nhint: write this script again with belay create-trigger\\n' "$belay" >&2
        exit 12
      fi
      : >>"$log" || exit 12
      work=$(mktemp -d "${TMPDIR:-/tmp}/belay-trigger.XXXXXX") || exit 12
      trap 'rm -rf "$work"' EXIT
      mkfifo "$work/out" "$work/err" || exit 12

      # What the command prints goes on as it is, and into the log too.
      # Signals are for the command, whose last words are still to be shown.
      (trap '' HUP INT TERM; exec tee -a "$log" <"$work/out") &
      out=$!
      (trap '' HUP INT TERM; exec tee -a "$log" <"$work/err" >&2) &
      err=$!

      say "$name begins (process $$)"
      exec 3<&0
      "$@" <&3 >"$work/out" 2>"$work/err" 3<&- &
      child=$!
      trap 'kill -TERM "$child" 2>/dev/null' HUP INT TERM
      while :; do
        wait "$child"
        guard=$?
        kill -0 "$child" 2>/dev/null || break
      done
      trap '' HUP INT TERM
      # What the command left running may hold its output open: that is not waited for long.
      : >"$work/waiting"
      (
        seconds=0
        while [ "$seconds" -lt 5 ] && [ -e "$work/waiting" ]; do
          sleep 1
          seconds=$((seconds + 1))
        done
        [ ! -e "$work/waiting" ] || { : >"$work/cut"; kill -KILL "$out" "$err"; }
      ) </dev/null >/dev/null 2>&1 3<&- &
      watchdog=$!
      wait "$out" "$err" 2>/dev/null
      kill -KILL "$watchdog" 2>/dev/null
      rm -f "$work/waiting"
      if [ -e "$work/cut" ]; then
        say "$name left something running that holds its output; what that prints is lost"
      fi

      status=$guard
      if [ -s "$work/status" ]; then
        status=$(cat "$work/status")
        say "$name ended with status $status, belay guard with $guard"
        if [ "$status" -eq 0 ]; then
          status=$guard
        fi
      else
        say "$name was not run: belay guard ended with status $guard"
      fi
      """;

  private TriggerScript() {}

  /** The script without the line that proves that nobody has edited it. */
  static String of(TriggerRequest request) {
    StringBuilder script =
        new StringBuilder(
            HEAD.formatted(
                quote(request.name().isEmpty() ? "trigger" : request.name()),
                quote(request.belay().toString()),
                quote(request.directory().toString()),
                quote(request.log().toString()),
                quote(request.secrets().toString())));
    script.append("\n# As it was when this was written; cron has next to nothing of it.\n");
    request
        .variables()
        .forEach(
            (name, value) ->
                script.append("%s=%s\nexport %s\n".formatted(name, quote(value), name)));
    if (!request.secretNames().isEmpty()) {
      script.append(
          "# Not in here, since they are secret: %s\n"
              .formatted(String.join(", ", request.secretNames())));
    }
    script.append(SECRETS);
    // The words are set before anything of the body runs, which uses "$@" alone.
    int before = BODY.indexOf("say \"$name begins");
    script.append(BODY, 0, before);
    script.append("set -- \\\n");
    script.append(words(request));
    script.append('\n');
    script.append(BODY.substring(before));
    recovery(request, script);
    notification(request, script);
    return script.append("exit \"$status\"\n").toString();
  }

  private static String words(TriggerRequest request) {
    List<String> lines = new ArrayList<>();
    lines.add("\"$belay\" guard --yes");
    if (!request.common().isEmpty()) {
      lines.add(quoted(request.common()));
    }
    if (!request.name().isEmpty()) {
      lines.add("--name \"$name\"");
    }
    boolean emergency = request.policy() == TriggerPolicy.EMERGENCY_ROLLBACK;
    lines.add("--on-failure " + (emergency ? "stop" : request.policy().word()));
    if (emergency || !request.backup()) {
      lines.add("--no-backup");
    }
    request.timeLimit().ifPresent(limit -> lines.add("--time-limit " + quote(limit)));
    lines.add("--status-file \"$work/status\"");
    if (emergency) {
      lines.add("--report-file \"$work/report\"");
    }
    lines.add("--");
    request.command().forEach(word -> lines.add(quote(word)));
    return lines.stream().map(line -> "  " + line).collect(Collectors.joining(" \\\n")) + "\n";
  }

  private static void recovery(TriggerRequest request, StringBuilder script) {
    if (request.policy() != TriggerPolicy.EMERGENCY_ROLLBACK) {
      return;
    }
    script.append(
        """

        # The newest backup takes the place only of what a command that failed left for certain in
        # the schema or in the migration history: guard says so of no other.
        if [ "$guard" -eq 20 ] && [ -s "$work/status" ] &&
          grep -q '"differs" *: *true' "$work/report" 2>/dev/null; then
          say "$name: going back by the newest backup"
          "$belay" emergency-rollback --yes%s >"$work/answer" 2>&1
          back=$?
          cat "$work/answer" >>"$log"
          cat "$work/answer" >&2
          say "$name: belay emergency-rollback ended with status $back"
        elif [ "$guard" -eq 20 ]; then
          say "$name: no emergency-rollback, since it is not certain that a failure left anything"
        fi
        """
            .formatted(common(request)));
  }

  private static void notification(TriggerRequest request, StringBuilder script) {
    if (!request.notifies()) {
      return;
    }
    script.append(
        """

        if [ "$status" -ne 0 ]; then
          severity=error
          [ "$guard" -ne 20 ] || severity=critical
          "$belay" send-notification migration_failed --severity "$severity"%s \\
            --message "$name failed with status $status; belay guard ended with $guard" >>"$log" 2>&1 ||
            say "$name: nobody could be notified"
        fi
        """
            .formatted(common(request)));
  }

  private static String common(TriggerRequest request) {
    return request.common().isEmpty() ? "" : " " + quoted(request.common());
  }

  private static String quoted(List<String> words) {
    return words.stream().map(TriggerScript::quote).collect(Collectors.joining(" "));
  }

  /** Always in quotes, so that no word is ever anything but a word. */
  private static String quote(String word) {
    String quoted = ShellWords.quote(word);
    return quoted.startsWith("'") ? quoted : "'" + quoted + "'";
  }
}
