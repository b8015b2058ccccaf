package io.keysweep.benchmarks;

import io.keysweep.benchmarks.assist.AssistBenchmarkCommand;
import io.keysweep.benchmarks.capacity.CapacityCommand;
import io.keysweep.benchmarks.comparison.ComparisonCommand;
import io.keysweep.benchmarks.distance.DistanceCommand;
import io.keysweep.benchmarks.fleet.FleetCommand;
import io.keysweep.benchmarks.light.LightCommand;
import io.keysweep.benchmarks.sparse.SparseBenchmarkCommand;
import io.keysweep.benchmarks.starvation.StarvationCommand;
import io.keysweep.benchmarks.tls.TlsBenchmarkCommand;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

/**
 * Runs the benchmark that the first argument names, for example {@code quick}; this is the main class of
 * {@code dev/bench}.
 */
public final class BenchCommand {

    private BenchCommand() {}

    /** Runs the named benchmark and ends the process with 0 (done), 1 (failed) or 2 (wrong usage). */
    public static void main(String[] args) {
        CommandLine bench = new CommandLine(CommandSpec.create().name("dev/bench"));
        bench.addSubcommand(
                "quick",
                described(
                        ComparisonCommand.quick(),
                        "Compares ways to reclaim expired keys: 1M keys without a TTL, 500k expired keys."));
        bench.addSubcommand(
                "reference",
                described(
                        ComparisonCommand.reference(),
                        "Compares ways to reclaim expired keys: 10M keys without a TTL, 5M expired keys."));
        bench.addSubcommand(
                "starvation",
                described(
                        new StarvationCommand(),
                        "Measures the backlog of the server's active expiry, alone and next to a scan."));
        bench.addSubcommand(
                "distance",
                described(new DistanceCommand(), "Measures how much speed a sweep loses when the server is far away."));
        bench.addSubcommand(
                "assist",
                described(
                        new AssistBenchmarkCommand(),
                        "Compares the server's own expiry, with raised settings, with three contenders that scan all"
                                + " keys: a gentle sweep, one blocking script, and redis-cli."));
        bench.addSubcommand(
                "sparse",
                described(new SparseBenchmarkCommand(), "Sweeps key spaces in which hardly any key has a TTL."));
        bench.addSubcommand(
                "tls", described(new TlsBenchmarkCommand(), "Measures what TLS costs a sweep and its server."));
        bench.addSubcommand("fleet", described(new FleetCommand(), "Sweeps many servers from one process."));
        bench.addSubcommand(
                "service",
                described(new CapacityCommand(), "Measures what a scan costs the service and its database."));
        bench.addSubcommand(
                "light",
                described(
                        new LightCommand(),
                        "Measures how soon service and command line answer, and the memory of an idle service."));
        bench.getSubcommands().values().forEach(BenchCommand::addHelpOption);
        bench.setExecutionExceptionHandler((failure, command, parsed) -> {
            // Commands throw this exception for a wrong value of an option. Picocli prints all others with their stack
            // trace.
            if (failure instanceof IllegalArgumentException) {
                System.err.println("bench: " + failure.getMessage());
                return CommandLine.ExitCode.USAGE;
            }
            throw failure;
        });
        System.exit(bench.execute(args));
    }

    /** Adds the option {@code --help} to a command, so that no command class must declare it. */
    private static void addHelpOption(CommandLine command) {
        command.getCommandSpec()
                .addOption(CommandLine.Model.OptionSpec.builder("-h", "--help")
                        .usageHelp(true)
                        .description("Shows this help.")
                        .build());
    }

    /** Returns a command with the description that {@code --help} shows. */
    private static CommandLine described(Object command, String description) {
        CommandLine line = new CommandLine(command);
        line.getCommandSpec().usageMessage().description(description);
        return line;
    }
}
