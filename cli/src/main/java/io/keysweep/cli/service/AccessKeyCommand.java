package io.keysweep.cli.service;

import io.keysweep.cli.shell.CommandContext;
import io.keysweep.cli.shell.CommandFailure;
import io.keysweep.cli.shell.ExitCode;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/**
 * Shares the option {@code --as} between the subcommands of {@code keysweep access-keys}.
 *
 * <p>With this option, a command signs in with the name and password of a user instead of an access key. Users who
 * have no access key yet can create their first one this way.
 */
abstract class AccessKeyCommand extends ProjectOwnedCommand {

    @Option(
            names = "--as",
            paramLabel = "NAME",
            description = "your name as a user: signs in with your password instead of an access key. Without a"
                    + " permission for other people's keys, you can manage only your own")
    private @Nullable String user;

    @Option(
            names = "--password-file",
            paramLabel = "FILE",
            description = "with --as: file whose first line is your password; - for standard input. Default: asks for"
                    + " it")
    private @Nullable String passwordFile;

    AccessKeyCommand(CommandContext context) {
        super(context);
    }

    @Override
    final ServiceAccess access(ServiceOptions service) {
        if (user != null) {
            if (user.isBlank()) {
                throw new CommandFailure(ExitCode.USAGE, "--as is '" + user + "', must be your name as a user");
            }
            return service.withoutKey("--as", context());
        }
        if (passwordFile != null) {
            throw new CommandFailure(ExitCode.USAGE, "--password-file is given without --as: give your name, too");
        }
        return super.access(service);
    }

    @Override
    final ServiceAccess signIn(ServiceClient client, ServiceAccess access) throws InterruptedException {
        if (user == null) {
            return super.signIn(client, access);
        }
        String projectId = client.signIn(user, password(user));
        return new ServiceAccess(access.endpoint(), projectId, access.accessKey(), access.secretKey(), access.tls());
    }

    private String password(String name) {
        if (passwordFile != null) {
            return PasswordSource.firstLine(context(), passwordFile);
        }
        String typedPassword = context().passwords().ask("Password of " + name + ": ");
        if (typedPassword == null) {
            throw new CommandFailure(
                    ExitCode.USAGE, "there is no terminal to ask for the password on: give --password-file");
        }
        return typedPassword;
    }
}
