package io.keysweep.cli.doctor;

import io.keysweep.api.text.FileProblem;
import io.keysweep.engine.assist.AssistLedger;
import io.keysweep.engine.assist.AssistPlan;
import io.keysweep.engine.assist.SettingChange;
import io.keysweep.engine.assist.SettingsRestorer;
import io.keysweep.engine.assist.SettingsRestorer.Restoration;
import io.keysweep.engine.doctor.Diagnosis;
import io.keysweep.engine.doctor.Examination;
import io.keysweep.engine.doctor.Finding;
import io.keysweep.engine.doctor.Finding.Severity;
import io.keysweep.engine.link.LinkBrokenException;
import io.keysweep.engine.link.NodeConnector;
import io.keysweep.engine.link.NodeLink;
import io.keysweep.engine.link.UnexpectedReplyException;
import io.keysweep.engine.topology.Deployment;
import io.keysweep.engine.topology.NodeAddress;
import io.keysweep.engine.topology.NodeRefusedException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Adds findings about assist to the diagnoses of {@code keysweep doctor}.
 *
 * <p>Assist makes the server itself remove more expired keys for a while: it raises settings and later restores them.
 * One finding reports settings that an earlier process has left raised. If the user asks, another finding reports
 * whether assist is possible. To check that, this class writes each setting with the value that it already has.
 *
 * @param connectors creates a connector; called only if a server must be asked
 * @param ledger former values of the settings that processes of this user have raised
 * @param deployment the examined servers
 * @param assisting whether the user asks about assist
 * @param warnings receives a sentence for the user if the ledger cannot be read
 */
record AssistFindings(
        Supplier<NodeConnector> connectors,
        AssistLedger ledger,
        Deployment deployment,
        boolean assisting,
        Consumer<String> warnings) {

    /** ACL rule that assist needs in addition to the rules that a sweep needs. */
    private static final String PERMISSION = " +config|set";

    /**
     * Returns the examination with the additional findings. Returns it unchanged, without a connection, if no server
     * could be examined, or if the ledger is empty and the user does not ask about assist.
     */
    Examination addTo(Examination examination) {
        if (examination.diagnoses().isEmpty()) {
            return examination;
        }
        boolean hasEntries = hasEntries();
        if (!assisting && !hasEntries) {
            return examination;
        }
        try (NodeConnector connector = connectors.get()) {
            List<Restoration> leftovers = leftovers(connector);
            List<Diagnosis> diagnoses = new ArrayList<>();
            for (Diagnosis diagnosis : examination.diagnoses()) {
                List<Finding> additionalFindings = new ArrayList<>();
                boolean isFirst = diagnoses.isEmpty();
                leftovers.stream()
                        .filter(leftover -> belongsTo(leftover, diagnosis, examination, isFirst))
                        .map(AssistFindings::raisedFinding)
                        .forEach(additionalFindings::add);
                if (assisting) {
                    additionalFindings.add(assistFinding(connector, diagnosis.nodeId()));
                }
                diagnoses.add(diagnosis.with(additionalFindings, userCommand(diagnosis)));
            }
            return new Examination(diagnoses, examination.refusals());
        }
    }

    /**
     * Returns whether settings of any server may still be raised. If the ledger cannot be read, warns the user, who
     * would otherwise believe that no setting is raised, and returns false.
     */
    private boolean hasEntries() {
        try {
            return !ledger.entries().isEmpty();
        } catch (IOException e) {
            warnings.accept(
                    "the former settings of servers that assist has raised cannot be read: " + FileProblem.of(e));
            return false;
        }
    }

    /** Returns the settings of the deployment's servers that are still raised; none if the ledger cannot be read. */
    private List<Restoration> leftovers(NodeConnector connector) {
        try {
            return new SettingsRestorer(connector, ledger).inspect(deployment);
        } catch (IOException e) {
            return List.of();
        }
    }

    /**
     * Returns whether the finding about raised settings belongs to a diagnosis. It belongs to the diagnosis of its
     * server. A server that is no longer a primary has no diagnosis; its finding belongs to the first diagnosis.
     *
     * @param isFirst whether {@code diagnosis} is the first of the examination
     */
    private static boolean belongsTo(
            Restoration leftover, Diagnosis diagnosis, Examination examination, boolean isFirst) {
        String node = leftover.entry().address().toString();
        boolean isDiagnosed = examination.diagnoses().stream()
                .anyMatch(examined -> examined.nodeId().equals(node));
        return isDiagnosed ? diagnosis.nodeId().equals(node) : isFirst;
    }

    private static Finding raisedFinding(Restoration leftover) {
        List<SettingChange> changes =
                leftover.stillRaised().stream().map(setting -> setting.change()).toList();
        return new Finding(
                "assist-settings-raised",
                Severity.WARNING,
                "An earlier 'keysweep sweep --assist' has left settings of "
                        + leftover.entry().address()
                        + " raised, since "
                        + leftover.entry().since() + ": "
                        + changes.stream().map(SettingChange::toString).collect(Collectors.joining(", ")) + ".",
                // As assist does it: the effort first, while large values are still freed in the background.
                changes.reversed().stream().map(SettingChange::restoreCommand).collect(Collectors.joining("; "))
                        + " on that server. The next 'keysweep sweep' does the same.");
    }

    /** Tries on a primary whether assist would be allowed, and returns a finding with the result. */
    private Finding assistFinding(NodeConnector connector, String nodeId) {
        String refusal;
        try (NodeLink link = connector.open(address(nodeId), deployment.access())) {
            AssistPlan plan = AssistPlan.of(link);
            refusal = plan.refusal();
            if (refusal == null) {
                return new Finding(
                        "assist-possible",
                        Severity.INFO,
                        "'keysweep sweep --assist' would set "
                                + plan.changes().stream()
                                        .map(SettingChange::toString)
                                        .collect(Collectors.joining(", "))
                                + " for a while.",
                        "None. It puts the former values back.");
            }
        } catch (NodeRefusedException | LinkBrokenException | UnexpectedReplyException e) {
            refusal = String.valueOf(e.getMessage());
        }
        return new Finding(
                "assist-refused",
                Severity.WARNING,
                "Assist is not possible: " + refusal + ".",
                "Sweep without --assist, or allow it if the provider does.");
    }

    private static NodeAddress address(String nodeId) {
        return nodeId.startsWith("/") ? NodeAddress.unix(nodeId) : NodeAddress.parse(nodeId);
    }

    /**
     * Returns the proposed command for an ACL user, with the rule for assist if the user asks about assist; or null.
     */
    private @Nullable String userCommand(Diagnosis diagnosis) {
        String command = diagnosis.userCommand();
        return command == null || !assisting ? command : command + PERMISSION;
    }
}
