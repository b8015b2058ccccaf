package io.keysweep.cli;

import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.OverwrittenOptionException;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * Describes arguments that are not valid: which argument, its value and the rule.
 *
 * <p>The messages of picocli, the library that parses the command line, name Java types and show values that may
 * contain a password. This class shows no text before an {@code @}.
 */
final class ArgumentProblem {

    /** Begins the rule in the message of a converter. */
    private static final String RULE = "must be ";

    private ArgumentProblem() {}

    /** Returns the problem as a sentence without a period. */
    static String of(ParameterException failure) {
        return switch (failure) {
            case UnmatchedArgumentException unmatched -> describeUnmatched(unmatched);
            case MissingParameterException missing -> describeMissing(missing.getMissing());
            case OverwrittenOptionException repeated -> name(repeated.getOverwritten()) + " is given more than once";
            default -> describeInvalid(failure);
        };
    }

    /** Returns a question with similar options or commands; null if there are none. */
    static @Nullable String suggestion(ParameterException failure) {
        List<String> similar =
                failure instanceof UnmatchedArgumentException unmatched ? findSimilar(unmatched) : List.of();
        return similar.isEmpty() ? null : "Did you mean " + join(similar, " or ") + "?";
    }

    /** Returns the options or commands that are similar to the first argument that nothing matches. */
    private static List<String> findSimilar(UnmatchedArgumentException failure) {
        CommandSpec command = failure.getCommandLine().getCommandSpec();
        String firstArgument = failure.getUnmatched().getFirst();
        if (command.subcommands().containsKey(firstArgument)) {
            return List.of();
        }
        if (failure.isUnknownOption()) {
            return SimilarNames.of(
                    beforeEquals(firstArgument),
                    command.options().stream()
                            .filter(option -> !option.hidden())
                            .map(OptionSpec::longestName)
                            .toList());
        }
        return SimilarNames.of(
                firstArgument,
                command.subcommands().entrySet().stream()
                        .filter(subcommand -> !subcommand
                                .getValue()
                                .getCommandSpec()
                                .usageMessage()
                                .hidden())
                        .map(Map.Entry::getKey)
                        .toList());
    }

    /** Returns the name of an option without its value, which can be a secret. */
    private static String beforeEquals(String option) {
        int equals = option.indexOf('=');
        return equals < 0 ? option : option.substring(0, equals);
    }

    private static String describeUnmatched(UnmatchedArgumentException failure) {
        String firstArgument = failure.getUnmatched().getFirst();
        if (failure.isUnknownOption()) {
            return "there is no option '" + withoutPassword(beforeEquals(firstArgument)) + "'";
        }
        if (failure.getCommandLine().getSubcommands().isEmpty()) {
            return "the argument '" + withoutPassword(firstArgument) + "' is one too many";
        }
        String group = failure.getCommandLine().getCommandSpec().qualifiedName();
        int root = group.indexOf(' ');
        String parents = root < 0 ? "" : group.substring(root + 1) + " ";
        if (failure.getCommandLine().getSubcommands().containsKey(firstArgument)) {
            // The arguments after "--" are never names of commands.
            return "the command '" + parents + firstArgument + "' must stand before '--'";
        }
        return "there is no command '" + parents + withoutPassword(firstArgument) + "'";
    }

    private static String describeMissing(List<ArgSpec> missing) {
        ArgSpec firstMissing = missing.getFirst();
        if (firstMissing instanceof OptionSpec option && !option.required()) {
            return option.longestName() + " has no value, must be " + option.longestName() + " " + option.paramLabel();
        }
        return join(missing.stream().map(ArgumentProblem::name).toList(), " and ")
                + (missing.size() == 1 ? " is missing" : " are missing");
    }

    /**
     * Describes a value that could not be converted. If the failure is not about a value, returns the message of the
     * exception.
     */
    private static String describeInvalid(ParameterException failure) {
        String message = String.valueOf(failure.getMessage());
        ArgSpec argument = failure.getArgSpec();
        if (argument == null || failure.getValue() == null) {
            return message;
        }
        int rule = message.indexOf(RULE);
        return name(argument) + " is '" + withoutPassword(failure.getValue()) + "', "
                + (rule < 0 ? RULE + ruleOf(argument) : message.substring(rule));
    }

    /** Returns the rule for the value of an argument, which follows from its type. */
    private static String ruleOf(ArgSpec argument) {
        Class<?> type = argument.auxiliaryTypes()[0];
        if (argument.typeInfo().isMap()) {
            return argument.paramLabel();
        }
        Object[] constants = type.getEnumConstants();
        if (constants != null) {
            return join(
                    Arrays.stream(constants)
                            .map(constant -> constant.toString().toLowerCase(Locale.ROOT))
                            .toList(),
                    " or ");
        }
        if (type == boolean.class || type == Boolean.class) {
            return "true or false";
        }
        if (type == int.class || type == Integer.class) {
            return "a whole number up to " + Integer.MAX_VALUE;
        }
        if (type == long.class || type == Long.class) {
            return "a whole number up to " + Long.MAX_VALUE;
        }
        if (type == Instant.class) {
            return "a time such as 2027-01-31T12:00:00Z";
        }
        boolean isNumber = type.isPrimitive() || Number.class.isAssignableFrom(type);
        return isNumber ? "a number" : "a valid " + argument.paramLabel();
    }

    private static String name(ArgSpec argument) {
        return argument instanceof OptionSpec option ? option.longestName() : argument.paramLabel();
    }

    /**
     * Returns an argument with {@code ***} instead of the text before an {@code @}, which can be the password in a URI.
     */
    private static String withoutPassword(String argument) {
        int at = argument.lastIndexOf('@');
        return at < 0 ? argument : "***" + argument.substring(at);
    }

    private static String join(List<String> texts, String last) {
        return texts.size() == 1
                ? texts.getFirst()
                : String.join(", ", texts.subList(0, texts.size() - 1)) + last + texts.getLast();
    }
}
