package io.keysweep.cli.service;

import io.keysweep.cli.shell.Shell;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What the commands about a policy have in common: whose it is. */
abstract class PolicyCommand extends ServiceCommand {

    private final PolicyType kind;

    @Option(
            names = "--instance",
            paramLabel = "ID",
            description = "the instance whose exception it is. Default: the default of the project")
    private @Nullable String instanceId;

    @Mixin
    private PolicyTarget owner = new PolicyTarget();

    PolicyCommand(Shell shell, PolicyType kind) {
        super(shell);
        this.kind = kind;
    }

    final String path(ServiceAccess access) {
        return owner.path(kind, access, instanceId);
    }
}
