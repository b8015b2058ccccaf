package io.keysweep.site.advisories;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads the libraries of a release from its SBOM (list of components in the format CycloneDX), by their package URLs
 * (purl).
 *
 * <p>The scripts of the console come as WebJars, which are packages of Maven with the content of npm. Such a library is
 * returned twice, since an advisory can name either.
 */
final class SbomReader {

    private static final String MAVEN = "pkg:maven/";
    private static final String NPM = "pkg:npm/";

    /** The group of our own modules. The advisory files contain nothing about them. */
    private static final String OWN_GROUP = "io.keysweep";

    private SbomReader() {}

    /**
     * Reads the libraries, without our own modules.
     *
     * @throws MalformedFileException if the content is not a CycloneDX document in JSON, or lists no library
     */
    static List<Component> read(byte[] content) throws MalformedFileException {
        JsonNode root;
        try {
            root = JsonMapper.shared().readTree(content);
        } catch (JacksonException e) {
            throw new MalformedFileException("it is no JSON: " + OsvReader.oneLine(e.getOriginalMessage()), e);
        }
        if (!root.path("bomFormat").asString("").equals("CycloneDX")) {
            throw new MalformedFileException("bomFormat is not CycloneDX");
        }
        List<Component> components = new ArrayList<>();
        add(root.path("components"), components);
        if (components.isEmpty()) {
            throw new MalformedFileException("it lists no library of Maven or npm");
        }
        return components.stream().distinct().toList();
    }

    /** Adds the libraries of a list, and the libraries that they contain. */
    private static void add(JsonNode list, List<Component> components) throws MalformedFileException {
        for (JsonNode component : list) {
            String purl = component.path("purl").asString("");
            if (purl.startsWith(MAVEN)) {
                addMaven(purl, components);
            } else if (purl.startsWith(NPM)) {
                String[] nameAndVersion = nameAndVersion(purl, NPM);
                components.add(new Component(Ecosystem.NPM, nameAndVersion[0], nameAndVersion[1]));
            }
            add(component.path("components"), components);
        }
    }

    private static void addMaven(String purl, List<Component> components) throws MalformedFileException {
        String[] nameAndVersion = nameAndVersion(purl, MAVEN);
        int slash = nameAndVersion[0].indexOf('/');
        if (slash <= 0) {
            throw new MalformedFileException("'" + OsvReader.oneLine(purl) + "' has no group");
        }
        String group = nameAndVersion[0].substring(0, slash);
        String artifact = nameAndVersion[0].substring(slash + 1);
        if (group.equals(OWN_GROUP)) {
            return;
        }
        components.add(new Component(Ecosystem.MAVEN, group + ":" + artifact, nameAndVersion[1]));
        for (String name : npmNames(group, artifact)) {
            components.add(new Component(Ecosystem.NPM, name, nameAndVersion[1]));
        }
    }

    /** Returns the npm packages whose files a WebJar contains; empty for any other library. */
    private static List<String> npmNames(String group, String artifact) {
        return switch (group) {
            // The WebJar of "@scope/name" is called "scope__name".
            case "org.webjars.npm" ->
                List.of(artifact.contains("__") ? "@" + artifact.replaceFirst("__", "/") : artifact);
            case "org.webjars" ->
                artifact.equals("swagger-ui") ? List.of("swagger-ui", "swagger-ui-dist") : List.of(artifact);
            default -> List.of();
        };
    }

    /** Splits a purl into the name with its namespace, and the version, without qualifiers and subpath. */
    private static String[] nameAndVersion(String purl, String prefix) throws MalformedFileException {
        String path = purl.substring(prefix.length()).replaceFirst("[?#].*", "");
        int at = path.lastIndexOf('@');
        if (at <= 0 || at == path.length() - 1) {
            throw new MalformedFileException("'" + OsvReader.oneLine(purl) + "' has no version");
        }
        return new String[] {decode(path.substring(0, at)), decode(path.substring(at + 1))};
    }

    private static String decode(String text) throws MalformedFileException {
        try {
            return Arrays.stream(text.split("/", -1))
                    // In a purl a plus stands for itself, but URLDecoder would make a space of it.
                    .map(part -> URLDecoder.decode(part.replace("+", "%2B"), StandardCharsets.UTF_8))
                    .collect(Collectors.joining("/"));
        } catch (IllegalArgumentException e) {
            throw new MalformedFileException("'" + OsvReader.oneLine(text) + "' is encoded wrongly", e);
        }
    }
}
