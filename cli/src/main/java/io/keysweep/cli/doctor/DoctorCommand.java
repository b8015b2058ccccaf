package io.keysweep.cli.doctor;

import io.keysweep.cli.shell.CommandContext;
import io.keysweep.cli.shell.ExitCode;
import io.keysweep.cli.shell.RefusedNode;
import io.keysweep.cli.shell.ResultOutput;
import io.keysweep.cli.shell.ServerArgument;
import io.keysweep.cli.shell.UserAssistLedger;
import io.keysweep.engine.doctor.Diagnosis;
import io.keysweep.engine.doctor.Doctor;
import io.keysweep.engine.doctor.Examination;
import io.keysweep.engine.link.NodeConnector;
import io.keysweep.engine.topology.Deployment;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * Implements {@code keysweep doctor}, which checks whether a server or all primaries of a deployment can be swept.
 *
 * <p>The result consists of findings, each with a severity and an action for the user. The command reads and changes no
 * live key. With {@code --assist} it writes three settings with the values that they already have.
 */
@Command(
        name = "doctor",
        description = {
            "Checks whether a server can be swept, how long a sweep would take, and what to change before"
                    + " a sweep.",
            "Changes no live key. Exits with 5 if a finding is a problem, which means that a sweep would be refused."
        })
public final class DoctorCommand implements Callable<Integer> {

    @Mixin
    private ServerArgument server = new ServerArgument();

    @Option(
            names = "--purge",
            description = "let the proposed ACL user run MEMORY PURGE too, which 'keysweep sweep --purge' needs")
    private boolean purge;

    @Option(
            names = "--assist",
            description = "check whether 'keysweep sweep --assist' is possible, by writing three settings with the"
                    + " values that they already have; let the proposed ACL user do so, too")
    private boolean assist;

    @Mixin
    private ResultOutput output = new ResultOutput();

    private final CommandContext context;
    private final Supplier<Doctor> doctors;
    private final Supplier<NodeConnector> connectors;

    /**
     * Creates the command for one call.
     *
     * @param doctors creates the doctor; called only after all options are known to be valid
     * @param connectors creates a connector to check servers for assist; called only if needed
     */
    public DoctorCommand(CommandContext context, Supplier<Doctor> doctors, Supplier<NodeConnector> connectors) {
        this.context = context;
        this.doctors = doctors;
        this.connectors = connectors;
    }

    @Override
    public Integer call() {
        Deployment deployment = server.deployment(context);
        try (Doctor doctor = doctors.get()) {
            Examination examination = new AssistFindings(
                            connectors,
                            UserAssistLedger.of(context),
                            deployment,
                            assist,
                            warning -> context.err().println("keysweep: " + warning))
                    .addTo(doctor.examine(deployment, purge));
            output.write(
                    context,
                    () -> DoctorDocument.of(deployment.label(), examination),
                    () -> deployment instanceof Deployment.Cluster
                            ? ClusterDiagnosisSummary.lines(deployment.label(), examination)
                            : DiagnosisSummary.lines(examination.diagnoses().getFirst()));
            return exitCode(examination).number();
        }
    }

    /**
     * Returns the code for the first primary that could not be examined. If all were examined, returns {@code
     * NOT_SWEEPABLE} if one of them cannot be swept, otherwise {@code DONE}.
     */
    private static ExitCode exitCode(Examination examination) {
        ExitCode code = RefusedNode.exitCode(examination.refusals());
        boolean sweepable = examination.diagnoses().stream().allMatch(Diagnosis::sweepable);
        return code == ExitCode.DONE && !sweepable ? ExitCode.NOT_SWEEPABLE : code;
    }
}
