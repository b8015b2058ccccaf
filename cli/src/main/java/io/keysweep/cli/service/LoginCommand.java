package io.keysweep.cli.service;

import io.keysweep.cli.contexts.ContextFile;
import io.keysweep.cli.contexts.SavedContext;
import io.keysweep.cli.contexts.SavedContexts;
import io.keysweep.cli.shell.CommandContext;
import io.keysweep.cli.shell.CommandFailure;
import io.keysweep.cli.shell.ExitCode;
import io.keysweep.engine.text.ForeignText;
import java.net.URI;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * Implements {@code keysweep login}, which checks an access key at a service and saves both as a context. Commands use
 * the saved context from then on. A context of the same name is replaced. The login is refused if the user has given no
 * name and that context belongs to another service or project.
 */
@Command(
        name = "login",
        description = {
            "Checks an access key at a service, and saves both as a context, which commands use from then on.",
            "The context is in contexts.yaml in KEYSWEEP_HOME (~/.keysweep), which only you can read.",
            "Asks for values that you do not give. Options and KEYSWEEP_ variables take precedence over the context."
        })
public final class LoginCommand implements Callable<Integer> {

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");

    @Parameters(paramLabel = "URL", description = "URL of the service, http(s)://HOST[:PORT]")
    private String url = "";

    @Option(
            names = "--name",
            paramLabel = "NAME",
            description = "name of the context: letters, digits, '.', '_' and '-'. A context of that name is replaced."
                    + " Default: the host of the URL")
    private @Nullable String name;

    @Option(names = "--project-id", paramLabel = "ID", description = "id of the access key's project")
    private @Nullable String projectId;

    @Option(names = "--access-key", paramLabel = "AK", description = "access key")
    private @Nullable String accessKey;

    @Option(
            names = "--secret-key",
            paramLabel = "SK",
            description = "secret key. Other users of this machine may see it on the command line, so better set"
                    + " KEYSWEEP_SECRET_KEY, or let the command ask")
    private @Nullable String secretKey;

    @Mixin
    private ServiceTlsOptions tls = new ServiceTlsOptions();

    private final CommandContext context;

    /** Creates the command. */
    public LoginCommand(CommandContext context) {
        this.context = context;
    }

    @Override
    public Integer call() throws InterruptedException {
        URI endpoint = ServiceOptions.uri(url);
        String contextName = name == null ? endpoint.getHost() : name;
        requireValidName(contextName);
        ContextFile file = ContextFile.of(context);
        SavedContexts savedContexts = file.read();
        ServiceTls files = tls.resolve(endpoint, context);
        String project = optionOrAnswer(projectId, "KEYSWEEP_PROJECT_ID", "--project-id", "Project id: ");
        if (name == null) {
            requireReplaceable(savedContexts.named(contextName).orElse(null), endpoint, project);
        }
        ServiceAccess access = new ServiceAccess(
                endpoint,
                project,
                optionOrAnswer(accessKey, "KEYSWEEP_ACCESS_KEY", "--access-key", "Access key: "),
                secret(),
                files);
        requireAcceptedKey(access);
        SavedContext login = new SavedContext(
                contextName,
                endpoint.toString(),
                access.projectId(),
                access.accessKey(),
                access.secretKey(),
                files == null ? null : toAbsolutePathText(files.authorities()),
                files == null ? null : toAbsolutePathText(files.certificate()),
                files == null ? null : toAbsolutePathText(files.key()));
        // Another login may have saved contexts while the user answered the questions.
        file.change(current -> {
            if (name == null) {
                requireReplaceable(current.named(contextName).orElse(null), endpoint, project);
            }
            return current.with(login);
        });
        context.err().println("Logged in. " + ContextCommand.useMessage(context, contextName));
        return ExitCode.DONE.number();
    }

    private static void requireValidName(String contextName) {
        if (!NAME.matcher(contextName).matches() || contextName.equals(ContextCommand.LOCAL)) {
            throw new CommandFailure(
                    ExitCode.USAGE,
                    "the name of the context is '" + contextName + "', must be 1 to 64 letters, digits, '.', '_' and"
                            + " '-', and not 'local': give it with --name");
        }
    }

    /** Checks the access key at the service; throws an exception if the service refuses it or does not answer. */
    private void requireAcceptedKey(ServiceAccess access) throws InterruptedException {
        try (ServiceClient client = new ServiceClient(access, context.clock())) {
            // Every access key may list the projects that it may see, so this call tests nothing but the key.
            new ProjectCalls(client).list();
        }
    }

    /**
     * Checks that a login may replace a saved context whose name the user has not given.
     *
     * @param current context to replace, or null if there is none
     * @throws CommandFailure if the context is of another service or project, whose secret key would be lost
     */
    private static void requireReplaceable(@Nullable SavedContext current, URI endpoint, String project) {
        if (current == null
                || (current.endpoint().equals(endpoint.toString())
                        && current.projectId().equals(project))) {
            return;
        }
        throw new CommandFailure(
                ExitCode.USAGE,
                "the context '" + current.name() + "' already exists, for project '"
                        + ForeignText.line(current.projectId()) + "' at " + ForeignText.line(current.endpoint())
                        + ": give another name with --name, or '--name " + current.name() + "' to replace it");
    }

    /**
     * Returns the option, else the environment variable, else the user's answer to the question.
     *
     * @throws CommandFailure if no value is given, or if the value is blank
     */
    private String optionOrAnswer(@Nullable String option, String variable, String optionName, String question) {
        String value = option != null ? option : context.variable(variable);
        return requireNotBlank(value == null ? context.answers().ask(question) : value, optionName, variable);
    }

    /** Returns the secret key in the same way as {@link #optionOrAnswer}, but asks for it as for a password. */
    private String secret() {
        String variable = "KEYSWEEP_SECRET_KEY";
        String value = secretKey != null ? secretKey : context.variable(variable);
        return requireNotBlank(
                value == null ? context.passwords().ask("Secret key: ") : value, "--secret-key", variable);
    }

    /**
     * Checks that a value is given, and returns it without surrounding blanks.
     *
     * @param value value as the user has given it; null if it is not given and there is no terminal to ask on
     * @throws CommandFailure if the value is null or blank
     */
    private static String requireNotBlank(@Nullable String value, String option, String variable) {
        if (value == null) {
            throw new CommandFailure(
                    ExitCode.USAGE,
                    option + " is missing, and there is no terminal to ask on: give it, or set " + variable);
        }
        if (value.isBlank()) {
            throw new CommandFailure(
                    ExitCode.USAGE, option + " is empty: give a value, set " + variable + ", or answer the question");
        }
        return value.strip();
    }

    /** Returns an absolute path, because later commands may run in another folder. */
    private static @Nullable String toAbsolutePathText(@Nullable Path file) {
        return file == null ? null : file.toAbsolutePath().toString();
    }
}
