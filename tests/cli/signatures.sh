# signatures.sh: two signatures of a made-up provider in ./data, and nothing else of silt's. Sourced by the scripts beside it
# in a directory of their own. $secret and $other are secrets of the first, made up.
mkdir -p data/signatures cache
export SILT_DATA_DIR="$PWD/data" SILT_CACHE_DIR="$PWD/cache" TERM=dumb
cat >data/signatures/test.json <<'END'
{"schema": "silt.signatures/1", "signatures": [
  {"id": "test.token", "name": "Test token", "provider": "Test", "severity": "high", "confidence": "high",
   "pattern": "\\b(exa_[0-9a-z]{16})\\b", "description": "A token.", "remediation": "Revoke it.",
   "examples": {"match": ["exa_7c1fe09ab35d2684", "a=exa_b83d06f1a94e52c7;"],
                "no_match": ["exa_7c1f", "exb_7c1fe09ab35d2684"]}},
  {"id": "test.doubt", "name": "Doubtful token", "provider": "Test", "severity": "medium", "confidence": "low",
   "pattern": "\\b(dbt_[0-9a-z]{16})\\b", "description": "Perhaps a token.", "remediation": "Look.",
   "examples": {"match": ["dbt_7c1fe09ab35d2684", "dbt_b83d06f1a94e52c7"], "no_match": ["dbt", "dbt_0"]}}]}
END
secret=exa_k3v9x7q2m5w8z1p4
other=exa_p8w2n6c1v5b9t3r7
failed=0

wrong() {
    echo "$*"
    failed=1
}

# expect CODE TEXT ARGUMENT...: the exit code, and a text on standard output or standard error; "" is nothing at all.
expect() {
    code=$1 text=$2
    shift 2
    said=$("$silt" "$@" 2>&1 </dev/null)
    got=$?
    [ "$got" -eq "$code" ] || wrong "silt $*: exit code $got, not $code: $said"
    case $said in
        *"$text"*) [ -n "$text" ] || [ -z "$said" ] || wrong "silt $*: says: $said" ;;
        *) wrong "silt $*: \"$text\" is not in: $said" ;;
    esac
}
