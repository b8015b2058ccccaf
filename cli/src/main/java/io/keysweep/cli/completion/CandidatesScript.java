package io.keysweep.cli.completion;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/**
 * Writes the shell function {@code _keysweep_candidates}, which prints the candidates for the next word of a command
 * line. bash and zsh can both run it.
 *
 * <p>The script consists of a function with the logic, and of tables: small shell functions, such as
 * {@code _keysweep_options}, with a {@code case} for each command. The tables are keyed by the path of a command: its
 * words with a blank before each, such as {@code " scans create"}. The path of {@code keysweep} itself is empty.
 *
 * <p>Commands, options and fixed values are in the script, so that completion starts no program. Names and ids are not:
 * for these, the script calls {@code keysweep candidates}, which asks the service. For a file, the script prints
 * {@code :files}, and the shell completes the name itself.
 *
 * <p>A <i>kind</i> says which values an option or argument takes: {@code FILE}; {@code INSTANCE} and other names and
 * ids that the service knows; or {@code :bash zsh fish}, a colon before a fixed list.
 */
final class CandidatesScript {

    /**
     * The shell function with the logic. First, it walks over the words before the one to complete. Then it prints the
     * first of these that applies: the commands that {@code help} can name; the values of an option; the options; the
     * subcommands and the values of an argument.
     *
     * <p>Its variables:
     *
     * <ul>
     *   <li>{@code at}: the path of the command so far.
     *   <li>{@code position}: how many arguments stand after this path.
     *   <li>{@code first}: the first of these arguments.
     *   <li>{@code expects}: the kind of value that the next word must have; empty if the next word is not a value.
     *   <li>{@code context}: the value of {@code --context}, if it was given.
     *   <li>{@code begin}: the text before the value in the same word, such as {@code --context=}.
     *   <li>{@code help}: not empty after the command {@code help}.
     * </ul>
     */
    private static final String LOGIC = """
        # Prints one candidate a line. Arguments: the program, the word to complete, the words between them.
        _keysweep_candidates() {
          local program="$1" current="$2" at="" expects="" context="" position=0 first="" begin="" help="" word
          shift 2
          for word in "$@"; do
            if [ -n "$expects" ]; then
              if [ "$word" = "=" ]; then continue; fi
              if [ "$expects" = CONTEXT ]; then context="$word"; fi
              expects=""
              continue
            fi
            case "$word" in
              --context=*) context="${word#*=}" ;;
              --*=*) ;;
              -*) expects="$(_keysweep_value "$at" "$word")" ;;
              *)
                if [ "$at" = " help" ]; then at=""; help=1; fi
                if _keysweep_is_command "$at $word"; then at="$at $word"; position=0; first=""
                else
                  if [ "$position" = 0 ]; then first="$word"; fi
                  position=$((position + 1))
                fi ;;
            esac
          done
          if [ "$at" = " help" ]; then at=""; help=1; fi
          if [ -n "$help" ]; then _keysweep_commands "$at"; return; fi
          case "$current" in
            --*=*)
              begin="${current%%=*}="
              expects="$(_keysweep_value "$at" "${current%%=*}")"
              current="${current#*=}" ;;
          esac
          if [ -z "$expects" ]; then
            case "$current" in
              -*) _keysweep_options "$at"; return ;;
            esac
            _keysweep_commands "$at"
            expects="$(_keysweep_argument "$at" "$position")"
          fi
          case "$expects" in
            FILE) printf ':files\\n' ;;
            INSTANCE | SCAN | PROJECT | WEBHOOK | DELIVERY | CONTEXT | USER_NAME | POLICY | KEY_ID | APPROVAL | SWEEP)
              "$program" candidates "$expects" "$current" ${first:+"$first"} ${context:+"--context=$context"} \\
                2>/dev/null </dev/null | while IFS= read -r word; do printf '%s\\n' "$begin$word"; done ;;
            :*) printf '%s\\n' "${expects#:}" | tr ' ' '\\n' | while IFS= read -r word; do
                printf '%s\\n' "$begin$word"
              done ;;
          esac
        }
        """;

    /** The kinds of arguments whose label in the help does not name the kind, by the first word of the path. */
    private static final Map<String, String> KINDS_OF_ARGUMENTS = Map.of(
            "users", "USER_NAME",
            "policies", "POLICY",
            "access-keys", "KEY_ID",
            "approvals", "APPROVAL",
            "sweeps", "SWEEP");

    /** The kinds of options whose label in the help does not name the kind. */
    private static final Map<String, String> KINDS_OF_OPTIONS =
            Map.of("--user", "USER_NAME", "--actor", "KEY_ID", "--resource", "INSTANCE");

    /** All commands that are not hidden, by path. */
    private final Map<String, CommandLine> commands = new LinkedHashMap<>();

    private CandidatesScript() {}

    /** Returns the function and its tables for all commands that are not hidden. */
    static String of(CommandSpec root) {
        CandidatesScript script = new CandidatesScript();
        script.collect(/* path= */ "", root.commandLine());
        return script.commandTable()
                + script.subcommandTable()
                + script.optionTable()
                + script.valueTable()
                + script.argumentTable()
                + LOGIC;
    }

    /** Adds a command and all commands below it to the map. */
    private void collect(String path, CommandLine command) {
        commands.put(path, command);
        command.getSubcommands().forEach((name, subcommand) -> {
            if (!subcommand.getCommandSpec().usageMessage().hidden()) {
                collect(path + " " + name, subcommand);
            }
        });
    }

    /** Writes the shell function that returns whether a text is the path of a command. */
    private String commandTable() {
        String paths = commands.keySet().stream()
                .filter(path -> !path.isEmpty())
                .map(path -> "'" + path + "'")
                .collect(Collectors.joining(" | "));
        return "_keysweep_is_command() { case \"$1\" in " + paths + ") return 0 ;; esac; return 1; }\n";
    }

    /** Writes the table of the names of subcommands, by path. */
    private String subcommandTable() {
        List<String> cases = new ArrayList<>();
        commands.forEach((path, command) -> {
            List<String> names = command.getSubcommands().keySet().stream()
                    .filter(name -> commands.containsKey(path + " " + name))
                    .toList();
            if (!names.isEmpty()) {
                cases.add("'" + path + "') printf '%s\\n' " + String.join(" ", names));
            }
        });
        return function("commands", "$1", cases);
    }

    /** Writes the table of the long names of options, by path. */
    private String optionTable() {
        return function(
                "options",
                "$1",
                commands.entrySet().stream()
                        .map(entry -> "'" + entry.getKey() + "') printf '%s\\n' "
                                + entry.getValue().getCommandSpec().options().stream()
                                        .filter(option -> !option.hidden())
                                        .map(OptionSpec::longestName)
                                        .collect(Collectors.joining(" ")))
                        .toList());
    }

    /**
     * Writes the table of the kinds of values that options take, by {@code PATH:OPTION}. An option without a value, or
     * with an optional one, is left out, so that the word after it is not taken as its value.
     */
    private String valueTable() {
        Map<String, List<String>> patterns = new LinkedHashMap<>();
        commands.forEach((path, command) -> command.getCommandSpec().options().stream()
                .filter(option -> option.arity().max() > 0 && option.arity().min() > 0)
                .forEach(option -> {
                    for (String name : option.names()) {
                        patterns.computeIfAbsent(kind(option), kind -> new ArrayList<>())
                                .add("'" + path + ":" + name + "'");
                    }
                }));
        return function("value", "$1:$2", cases(patterns));
    }

    /** Writes the table of the kinds of values that arguments take, by {@code PATH:POSITION}. */
    private String argumentTable() {
        Map<String, List<String>> patterns = new LinkedHashMap<>();
        commands.forEach((path, command) -> {
            List<PositionalParamSpec> parameters = command.getCommandSpec().positionalParameters();
            IntStream.range(0, parameters.size())
                    .forEach(position -> patterns.computeIfAbsent(
                                    argumentKind(path, parameters.get(position)), kind -> new ArrayList<>())
                            .add("'" + path + ":" + position + "'"));
        });
        return function("argument", "$1:$2", cases(patterns));
    }

    /** Returns one {@code case} branch for each kind, such as {@code ' instances get:0') printf '%s\n' 'INSTANCE'}. */
    private static List<String> cases(Map<String, List<String>> patternsByKind) {
        return patternsByKind.entrySet().stream()
                .map(entry -> String.join(" | ", entry.getValue()) + ") printf '%s\\n' '" + entry.getKey() + "'")
                .toList();
    }

    /**
     * Returns the kind of value of an argument of the command with this path. The name of a new user has no candidates.
     */
    private static String argumentKind(String path, PositionalParamSpec parameter) {
        String kind = kind(parameter);
        boolean isFirst = parameter.index().min() == 0;
        if (kind.startsWith(":") || kind.equals("FILE") || !isFirst || path.equals(" users create")) {
            return kind;
        }
        return KINDS_OF_ARGUMENTS.getOrDefault(path.strip().split(" ", 2)[0], kind);
    }

    /**
     * Returns the kind of value of an option or argument. If there are few values, it is a colon followed by all of
     * them. Otherwise it is the label in the help, such as {@code INSTANCE} or {@code FILE}, unless another kind is
     * known.
     */
    private static String kind(ArgSpec argument) {
        if (argument.completionCandidates() != null) {
            String values = StreamSupport.stream(argument.completionCandidates().spliterator(), /* parallel= */ false)
                    .map(value -> value.toLowerCase(Locale.ROOT))
                    .collect(Collectors.joining(" "));
            if (!values.isEmpty()) {
                return ":" + values;
            }
        }
        if (argument instanceof OptionSpec option && KINDS_OF_OPTIONS.containsKey(option.longestName())) {
            return KINDS_OF_OPTIONS.getOrDefault(option.longestName(), option.paramLabel());
        }
        return switch (argument.paramLabel()) {
            case "FORMAT" -> ":table wide json yaml csv name id";
            case "SHELL" -> ":bash zsh fish";
            case "STATUS" -> ":waiting running success failed";
            case "TYPE" -> ":manual auto";
            case "STATE" -> ":pending delivered dead";
            case "OUTCOME" -> ":done refused";
            case "EVENT" -> ":scan.finished scan.failed scan.held threshold.passed cliff.ahead";
            case "SETTING" -> ":credentials sentinel-credentials node-map tags assist tls-ca tls-cert";
            case "ROLES" -> ":api console worker";
            case "recover-admin" -> ":recover-admin";
            case "true|false" -> ":true false";
            default -> argument.paramLabel();
        };
    }

    /** Returns a shell function {@code _keysweep_NAME} that chooses a branch by {@code subject}. */
    private static String function(String name, String subject, List<String> cases) {
        return "_keysweep_" + name + "() {\n  case \"" + subject + "\" in\n    " + String.join(" ;;\n    ", cases)
                + " ;;\n  esac\n}\n";
    }
}
