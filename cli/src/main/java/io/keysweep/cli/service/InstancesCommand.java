package io.keysweep.cli.service;

import io.keysweep.api.EstimateOptions;
import io.keysweep.api.EstimateView;
import io.keysweep.api.InstanceCheck;
import io.keysweep.api.RaisedSettingsView;
import io.keysweep.cli.output.EntryOutput;
import io.keysweep.cli.shell.CommandContext;
import io.keysweep.cli.shell.CommandGroup;
import io.keysweep.cli.shell.ExclusiveOptions;
import io.keysweep.cli.shell.ExitCode;
import io.keysweep.cli.shell.YesOption;
import io.keysweep.engine.text.ForeignText;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * Implements {@code keysweep instances}, which manages the instances of a service: the servers, Sentinel deployments
 * and clusters that it may scan.
 */
@Command(
        name = "instances",
        description =
                "Lists, adds, changes, tests and removes the servers that a service knows, one by one or from a file,"
                        + " estimates their backlogs, and shows their history.")
public final class InstancesCommand extends CommandGroup {

    private InstancesCommand(CommandContext context) {
        super(context);
    }

    /** Creates the command with its subcommands. */
    public static CommandLine withSubcommands(CommandContext context) {
        return new InstancesCommand(context)
                .with(
                        new ListInstances(context),
                        new Get(context),
                        new InstancesAddCommand(context),
                        new InstancesUpdateCommand(context),
                        new Test(context),
                        new InstancesApplyCommand(context),
                        new Remove(context),
                        new ForgetRaised(context),
                        new Estimate(context),
                        new InstancesTrendsCommand(context));
    }

    /** Implements {@code keysweep instances list}. */
    @Command(name = "list", description = "Lists the servers that the service knows.")
    static final class ListInstances extends ServiceCommand {

        @Mixin
        private EntryOutput output = new EntryOutput();

        private ListInstances(CommandContext context) {
            super(context);
        }

        @Override
        void run(ServiceClient client, ServiceAccess access) throws InterruptedException {
            output.writeList(context(), new InstanceCalls(client).list(), InstanceTable.INSTANCES);
        }
    }

    /** Implements {@code keysweep instances get}. */
    @Command(
            name = "get",
            description = "Inspects a server and shows its settings, and settings that assist has left raised.")
    static final class Get extends ServiceCommand {

        @Mixin
        private InstanceArgument instance = new InstanceArgument();

        @Mixin
        private EntryOutput output = new EntryOutput();

        private Get(CommandContext context) {
            super(context);
        }

        @Override
        void run(ServiceClient client, ServiceAccess access) throws InterruptedException {
            String id = instance.id(client);
            output.writeOne(
                    context(), new InstanceCalls(client).get(id), InstanceTable.INSTANCES, InstanceLines::lines);
        }
    }

    /** Implements {@code keysweep instances test}. */
    @Command(
            name = "test",
            description = {
                "Lets the service inspect a server as a scan would, without changing a live key.",
                "Exits with 5 if a scan would be refused. 'instances add --test' tests a server before it is added."
            })
    static final class Test extends ServiceCommand {

        @Mixin
        private InstanceArgument instance = new InstanceArgument();

        @Mixin
        private EntryOutput output = new EntryOutput();

        private Test(CommandContext context) {
            super(context);
        }

        @Override
        void run(ServiceClient client, ServiceAccess access) throws InterruptedException {
            String id = instance.id(client);
            InstanceCheck test = new InstanceCalls(client).test(id);
            output.writeOne(context(), test, InstanceTable.tests(instance.typed(), id), InstanceLines::lines);
            exitWith(exitCode(test));
        }

        /** Returns the exit code of a test: {@code NOT_SWEEPABLE} if a scan would be refused. */
        static ExitCode exitCode(InstanceCheck test) {
            return test.sweepable() ? ExitCode.DONE : ExitCode.NOT_SWEEPABLE;
        }
    }

    /** Implements {@code keysweep instances remove}. */
    @Command(
            name = "remove",
            description = {
                "Removes a server and its scans from the service, after asking you. The server itself is not touched.",
                "If there is no terminal, --yes is required."
            })
    static final class Remove extends ServiceCommand {

        @Mixin
        private InstanceArgument instance = new InstanceArgument();

        @Option(
                names = "--force",
                description = "remove it even if assist has left settings of its servers raised. The output names the"
                        + " commands that restore them, because the service then no longer knows them")
        private boolean force;

        @Mixin
        private YesOption yes = new YesOption();

        private Remove(CommandContext context) {
            super(context);
        }

        @Override
        void run(ServiceClient client, ServiceAccess access) throws InterruptedException {
            String id = instance.id(client);
            yes.confirm(context(), "Remove instance '" + instance.typed() + "' and the record of its scans?");
            InstanceCalls calls = new InstanceCalls(client);
            if (force) {
                print(context(), calls.removeByForce(id).raisedSettings());
            } else {
                calls.remove(id);
            }
        }
    }

    /** Prints raised settings that the service no longer knows, with the commands that restore them. */
    private static void print(CommandContext context, List<RaisedSettingsView> forgottenSettings) {
        forgottenSettings.stream()
                .flatMap(raised -> InstanceLines.lines(raised).stream())
                .forEach(line -> context.out().println(ForeignText.line(line)));
        context.out().flush();
    }

    /** Implements {@code keysweep instances forget-raised}. */
    @Command(
            name = "forget-raised",
            description = {
                "Lets the service forget settings that assist has left raised, after asking you, and prints the"
                        + " commands that restore them.",
                "The service then no longer tries to restore them. Use it if you have restored them, or if the server"
                        + " no longer exists. If there is no terminal, --yes is required."
            })
    static final class ForgetRaised extends ServiceCommand {

        @Mixin
        private InstanceArgument instance = new InstanceArgument();

        @Mixin
        private YesOption yes = new YesOption();

        private ForgetRaised(CommandContext context) {
            super(context);
        }

        @Override
        void run(ServiceClient client, ServiceAccess access) throws InterruptedException {
            String id = instance.id(client);
            yes.confirm(context(), "Forget the raised settings of instance '" + instance.typed() + "'?");
            List<RaisedSettingsView> forgottenSettings = new InstanceCalls(client).forgetRaisedSettings(id);
            context()
                    .out()
                    .println(
                            forgottenSettings.isEmpty()
                                    ? "No settings were forgotten: none is raised, or a running scan restores them."
                                    : "The service has forgotten these settings, and no longer restores them:");
            print(context(), forgottenSettings);
        }
    }

    /** Implements {@code keysweep instances estimate}. */
    @Command(
            name = "estimate",
            description = {
                "Lets the service estimate how many expired keys an instance still holds, and keeps the result.",
                "Removes no key, unless --sample-primary allows it."
            })
    static final class Estimate extends ServiceCommand {

        @Mixin
        private InstanceArgument instance = new InstanceArgument();

        @Option(names = "--exact", description = "visit every key of a replica instead of a sample")
        private boolean exact;

        @Option(
                names = "--sample-primary",
                description = "sample the primary if there is no replica. This removes the expired keys in the sample")
        private boolean samplePrimary;

        @Option(names = "--last", description = "show the last estimate instead of making one")
        private boolean last;

        @Mixin
        private EntryOutput output = new EntryOutput();

        private Estimate(CommandContext context) {
            super(context);
        }

        @Override
        void run(ServiceClient client, ServiceAccess access) throws InterruptedException {
            ExclusiveOptions.refuseBoth("--last", last, "--exact", exact);
            ExclusiveOptions.refuseBoth("--last", last, "--sample-primary", samplePrimary);
            InstanceCalls calls = new InstanceCalls(client);
            String id = instance.id(client);
            EstimateView estimate =
                    last ? calls.lastEstimate(id) : calls.estimate(id, new EstimateOptions(exact, samplePrimary));
            output.writeOne(
                    context(), estimate, InstanceTable.estimates(unused -> instance.typed()), InstanceLines::lines);
        }
    }
}
