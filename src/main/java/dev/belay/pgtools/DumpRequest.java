package dev.belay.pgtools;

import dev.belay.core.RunId;
import dev.belay.core.Target;
import dev.belay.postgres.Pooler;
import dev.belay.postgres.ServerInfo;
import java.nio.file.Path;
import java.time.Duration;

/**
 * One dump.
 *
 * @param tool from {@link PostgresTools#dumpFor}
 * @param snapshot id of an exported snapshot, which must stay open until the end
 * @param jobs parallel sessions; an encrypted dump is one stream and uses one
 * @param output a folder, or with recipients a file; nothing may be there yet
 * @param log what the tool prints is appended here
 * @param stallTimeout the tool is ended when it makes no progress for so long; zero: never
 * @param recipients who can open it; none: it is not encrypted
 */
public record DumpRequest(
    Target target,
    RunId run,
    ServerInfo server,
    Pooler pooler,
    Tool tool,
    String snapshot,
    int jobs,
    Compression compression,
    DumpSelection selection,
    Recipients recipients,
    Path output,
    Path log,
    Duration stallTimeout) {}
