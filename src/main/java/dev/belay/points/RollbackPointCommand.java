package dev.belay.points;

import picocli.CommandLine.Command;

/** {@code belay rollback-point}: the commands for rollback points. Does nothing by itself. */
@Command(
    name = "rollback-point",
    description = "Keep states of tables, and bring data back to them.",
    synopsisSubcommandLabel = "<command>",
    footer = {
      "",
      "A rollback point is the rows of some tables in one moment, with a checksum and",
      "fingerprints. To bring data back, only what differs is written, in one",
      "transaction, and what is taken away is kept as another point before.",
      "",
      "Examples:",
      "  belay rollback-point create --table public.customers --description import",
      "  belay rollback-point list",
      "  belay rollback-point execute latest --dry-run"
    })
public final class RollbackPointCommand {}
