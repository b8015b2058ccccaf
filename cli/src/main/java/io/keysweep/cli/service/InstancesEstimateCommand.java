package io.keysweep.cli.service;

import io.keysweep.api.EstimateOptions;
import io.keysweep.api.EstimateView;
import io.keysweep.api.text.Amounts;
import io.keysweep.cli.shell.Shell;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code keysweep instances estimate}. */
@Command(
        name = "estimate",
        description = {
            "Has the service estimate how many expired keys an instance still holds.",
            "Removes no key, unless --sample-primary allows it. The last result is kept."
        })
final class InstancesEstimateCommand extends ServiceCommand {

    /** An exact count passes every key of a replica. */
    private static final Duration LONGEST = Duration.ofHours(6);

    @Parameters(index = "0", paramLabel = "ID", description = "the instance's id, see 'keysweep instances list'")
    private String id = "";

    @Option(names = "--exact", description = "pass every key of a replica instead of a sample")
    private boolean exact;

    @Option(
            names = "--sample-primary",
            description = "where there is no replica, sample the primary. This removes the expired keys that the"
                    + " sample meets")
    private boolean samplePrimary;

    @Option(names = "--last", description = "show the last estimate instead of making one")
    private boolean last;

    @Mixin
    private ServiceOutput output = new ServiceOutput();

    InstancesEstimateCommand(Shell shell) {
        super(shell);
    }

    @Override
    int ask(ServiceClient client, ServiceAccess access) throws InterruptedException {
        String path = "/api/v1/instances/" + ServiceClient.segment(id) + "/estimates";
        EstimateView estimate = last
                ? client.ask("GET", path, null, EstimateView.class)
                : client.ask(
                        "POST", path, new EstimateOptions(exact, samplePrimary), EstimateView.class, Map.of(), LONGEST);
        output.write(shell(), estimate, InstancesEstimateCommand::lines);
        return 0;
    }

    private static List<String> lines(EstimateView estimate) {
        List<String> lines = new ArrayList<>();
        lines.add("Backlog as of " + estimate.madeAt() + ": " + (estimate.exact() ? "" : "about ")
                + Amounts.count(estimate.dead()) + " dead keys"
                + (estimate.deadBytes() == null ? "" : ", about " + Amounts.bytes(estimate.deadBytes())));
        estimate.primaries().forEach(primary -> lines.add("  " + line(primary)));
        return lines;
    }

    private static String line(EstimateView.Primary primary) {
        EstimateView.SweepSeconds sweep = primary.sweepSeconds();
        return primary.nodeId() + "  " + Amounts.count(primary.dead()) + " ("
                + (primary.exact()
                        ? "every key passed"
                        : Amounts.count(primary.lowest()) + " to " + Amounts.count(primary.highest()))
                + ") of " + Amounts.count(primary.volatileKeys()) + " keys with a TTL, read on " + primary.countedOn()
                + "; a sweep takes about " + sweep.gentle() + " s gentle, " + sweep.balanced() + " s balanced, "
                + sweep.full() + " s full";
    }
}
