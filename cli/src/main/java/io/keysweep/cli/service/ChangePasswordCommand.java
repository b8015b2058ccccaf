package io.keysweep.cli.service;

import io.keysweep.cli.document.DocumentFile;
import io.keysweep.cli.shell.CommandContext;
import io.keysweep.cli.shell.CommandFailure;
import io.keysweep.cli.shell.ExitCode;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Implements {@code keysweep users change-password}, by which users change their own password. */
@Command(
        name = "change-password",
        description = {
            "Changes your own password, which ends all your sessions and tokens. Needs no access key.",
            "Asks for both passwords, or reads them from files or standard input."
        })
final class ChangePasswordCommand implements Callable<Integer> {

    @Parameters(paramLabel = "NAME", description = "your name as a user")
    private String name = "";

    @Option(
            names = "--old-password-file",
            paramLabel = "FILE",
            description = "file whose first line is the present password; - for standard input. Default: asks for it")
    private @Nullable String oldFile;

    @Mixin
    private PasswordSource newPassword = new PasswordSource();

    @Mixin
    private EndpointOptions endpoint = new EndpointOptions();

    private final CommandContext context;

    ChangePasswordCommand(CommandContext context) {
        this.context = context;
    }

    @Override
    public Integer call() throws InterruptedException {
        if (DocumentFile.STANDARD_INPUT.equals(oldFile) && newPassword.isStandardInput()) {
            throw new CommandFailure(
                    ExitCode.USAGE, "--old-password-file and --password-file are both -: give one of them a file");
        }
        try (ServiceClient client = new ServiceClient(endpoint.resolve(context), context.clock())) {
            String oldPassword = oldPassword();
            // The token is requested before the user is asked for the new password, so that a mistyped old password is
            // reported immediately.
            String token = client.token(name, oldPassword);
            client.post(
                    "/api/v1/users/me/password",
                    Map.of("oldPassword", oldPassword, "newPassword", newPassword.read(context, name)),
                    Map.of("X-Auth-Token", token));
        }
        context.err().println("The password of " + name + " was changed. All sessions and tokens have ended.");
        return ExitCode.DONE.number();
    }

    private String oldPassword() {
        if (oldFile != null) {
            return PasswordSource.firstLine(context, oldFile);
        }
        String typedPassword = context.passwords().ask("Present password of " + name + ": ");
        if (typedPassword == null) {
            throw new CommandFailure(
                    ExitCode.USAGE, "there is no terminal to ask for the password on: give --old-password-file");
        }
        return typedPassword;
    }
}
