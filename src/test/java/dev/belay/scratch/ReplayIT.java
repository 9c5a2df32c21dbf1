package dev.belay.scratch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReplayIT {
  @TempDir Path folder;
  private ReplayRig rig;

  @BeforeEach
  void open() {
    rig = new ReplayRig(folder);
  }

  @AfterEach
  void close() {
    rig.close();
  }

  @Test
  void everythingThatAMigrationTouchesIsRecorded() throws IOException {
    rig.write(
            "V1__a.sql",
            "create table a (id int primary key, n text, old int); create table b (id int references a);"
                + "insert into a values (1, 'x', 3);")
        .write(
            "V2__b.sql",
            "alter table a alter id type bigint, drop old; create view v as select n from a;")
        .write("V3__c.sql", "create index concurrently i on a (n);")
        .write(
            "V4__d.sql",
            "truncate b; update a set n = 'y'; drop view v; comment on table a is 'x';")
        .write("V5__e.sql", "create function f() returns int language sql as 'select 1';")
        .write(
            "V6__f.sql",
            "create type mood as enum ('a', 'b'); create table m (m mood default 'a', x int default f());")
        .write("V7__f.sql", "alter type mood add value 'c';")
        .write("R__v.sql", "create view w as select id from a;");
    Recording recording = rig.recording(ReplayPlan.Reach.NEXT_MIGRATE);
    for (RecordedMigration one : recording.all()) {
      System.err.println(one);
    }
    assertThat(recording.pending()).hasSize(8);
  }
}
