# shellcheck shell=bash disable=SC2034 # what is set here is used where it is sourced
# Sourced by the benchmarks: a throw-away server, data, and measuring.
#
#   BELAY_BENCH_SCALE   size of the data: pgbench's scale, and 20,000 wide rows for each of it (default 50: some 1.3 GB)
#   BELAY_BENCH_ROUNDS  rounds, taken in turn with the peer; the best of each counts (default 3)
#   BELAY_BENCH_JOBS    parallel sessions (default: the number of processors)
#   BELAY_BENCH_DIR     where the server and the backups live (default /var/tmp)

root=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/../.." && pwd -P)
scale=${BELAY_BENCH_SCALE:-50}
rounds=${BELAY_BENCH_ROUNDS:-3}
jobs=${BELAY_BENCH_JOBS:-$(nproc)}
place=${BELAY_BENCH_DIR:-/var/tmp}
belay=$root/target/belay/bin/belay
# Belay takes every BELAY_… variable for a setting, and refuses one that it does not know.
unset "${!BELAY_BENCH_@}"
work=
as=()
peak_kb=0

die() {
  echo "error: $*" >&2
  exit 12
}

[ -x "$belay" ] || die "Belay is not built; build it with: (cd '$root' && mvn -q -B package -DskipTests)"

# The newest server on this machine; its own programs are the peers.
programs=$(find /usr/lib/postgresql/*/bin -maxdepth 0 2>/dev/null | sort -V | tail -1)
[ -x "$programs/initdb" ] || die "no PostgreSQL server is installed: apt-get install -y postgresql"
[ -x "$programs/pgbench" ] || die "no pgbench in $programs: apt-get install -y postgresql-contrib"

end() {
  if [ -n "$work" ]; then
    "${as[@]}" "$programs/pg_ctl" -D "$work/data" -m immediate stop >/dev/null 2>&1
    rm -rf "$work"
  fi
}
trap end EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# Starts a server on a free port of the loopback interface, as an unprivileged user.
start_server() {
  work=$(mktemp -d "$place/belay-bench.XXXXXX")
  mkdir "$work/data" "$work/run"
  if [ "$(id -u)" -eq 0 ]; then
    chmod 755 "$work"
    chown 65534:65534 "$work/data"
    as=(setpriv --reuid=65534 --regid=65534 --clear-groups)
  fi
  (cd / && "${as[@]}" "$programs/initdb" -D "$work/data" -A trust -U postgres -E UTF8 --locale=C.UTF-8 >/dev/null) ||
    die "initdb failed"
  cat >>"$work/data/postgresql.conf" <<-CONF
	listen_addresses = '127.0.0.1'
	unix_socket_directories = ''
	shared_buffers = 512MB
	work_mem = 64MB
	maintenance_work_mem = 256MB
	max_wal_size = 2GB
	CONF
  local attempt
  for attempt in 1 2 3 4 5; do
    export PGPORT=$((20000 + RANDOM % 30000))
    (cd / && "${as[@]}" "$programs/pg_ctl" -D "$work/data" -o "-p $PGPORT" -l "$work/data/log" -w start >/dev/null) && break
    [ "$attempt" -lt 5 ] || die "the server does not start: $(tail -3 "$work/data/log")"
  done
  export PGHOST=127.0.0.1 PGUSER=postgres PGDATABASE=bench HOME=$work/run
  unset DATABASE_URL PGPASSWORD PGSERVICE PGSSLMODE PGOPTIONS
  cd "$work/run" || exit 12
  "$programs/psql" -qX -d postgres -c 'create database bench'
}

query() {
  "$programs/psql" -qXAt -v ON_ERROR_STOP=1 "$@"
}

# pgbench's tables, very compressible, and a wide one with what real tables have.
fill() {
  echo "Filling: pgbench scale $scale and $((scale * 20000)) wide rows …" >&2
  "$programs/pgbench" -qi -s "$scale" bench >/dev/null 2>&1 || die "pgbench -i failed"
  query -c "
    create table customer (id bigint primary key, name text not null);
    insert into customer select n, 'Customer ' || n from generate_series(1, 100000) n;
    create table wide (
      id uuid primary key, customer_id bigint not null references customer, doc jsonb, note text, title text,
      created timestamptz not null, changed timestamptz, price numeric(12, 2), tax numeric(5, 3), blob bytea, tags int[],
      score float8, flag boolean, amount int, extra text);
    insert into wide
    select md5(n::text)::uuid, 1 + n % 100000, jsonb_build_object('n', n, 'h', md5((n * 3)::text)),
           case when n % 7 > 0 then repeat(md5((n * 5)::text), 3) end, 'title ' || n,
           timestamptz '2021-01-01 00:00:00+00' + n * interval '7 seconds', null, n % 10000 / 7.0, n % 100 / 13.0,
           decode(md5((n * 11)::text) || md5((n * 13)::text), 'hex'), array[n % 5, n % 11, n % 17],
           n / 3.0, n % 2 = 0, case when n % 3 > 0 then n end, null
      from generate_series(1, $((scale * 20000))) n;
    create index on wide (customer_id);" -c 'vacuum analyze' >/dev/null || die "the wide table could not be filled"
  echo "The database has $(query -c "select pg_size_pretty(pg_database_size('bench'))")." >&2
}

# timed <command…>: runs it and sets `seconds`; raises `peak_kb` to the peak memory of that process. A status that `findings`
# names is no failure.
findings=0
timed() {
  local begin=$EPOCHREALTIME pid high status=0
  "$@" >"$work/out" 2>"$work/err" &
  pid=$!
  while kill -0 "$pid" 2>/dev/null; do
    high=$(sed -n 's/^VmHWM:[^0-9]*\([0-9]*\).*/\1/p' "/proc/$pid/status" 2>/dev/null)
    [ "${high:-0}" -le "$peak_kb" ] || peak_kb=$high
    sleep 0.02
  done
  wait "$pid" || status=$?
  if [ "$status" -ne 0 ] && [ "$status" -ne "$findings" ]; then
    cat "$work/out" "$work/err" >&2
    die "failed: $*"
  fi
  seconds=$(awk -v b="$begin" -v e="$EPOCHREALTIME" 'BEGIN { printf "%.3f", e - b }')
}

# best <number> <number>: the smaller; the first may be empty.
best() {
  awk -v a="${1:-}" -v b="$2" 'BEGIN { print (a == "" || b < a + 0) ? b : a }'
}

ratio() {
  awk -v a="$1" -v b="$2" 'BEGIN { printf "%.2f", a / b }'
}

# row <what> <seconds> <peer's seconds> <limit>
row() {
  printf '%-46s %9s s   %5s x   %s\n' "$1" "$2" "$(ratio "$2" "$3")" "${4:-}"
}

# memory <limit in MB>
memory() {
  printf '%-46s %9s MB           limit %s MB\n' 'peak memory of the JVM' "$((peak_kb / 1024))" "$1"
}

# What the figures were taken on, so that they can be compared.
machine() {
  [ "$scale" -ge 50 ] || echo "The limits are meant for scale 50 and more; at $scale, what every run costs once weighs most."
  echo "$(nproc) processors, PostgreSQL $("$programs/postgres" --version | sed 's/[^0-9]*\([0-9.]*\).*/\1/'), load $(cut -d' ' -f1 /proc/loadavg)"
}
