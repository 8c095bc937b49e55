package org.chiffchaff.audio;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

final class AudioFilesTest {
    @TempDir
    Path folder;

    private byte[] song;

    @BeforeEach
    void sing() {
        song = SoundFile.wave(SoundFile.Coding.SIGNED_16, 8_000, 1, 800, SoundFile.sine(440, 0.5, 8_000));
    }

    @Test
    void findsRecordingsByTheirContentInTheOrderOfTheirPaths() throws IOException {
        for (String name : List.of("b/2.WAV", "b/1.xyz", "a", "c/d/e.w.tar.gz", "c/list.txt")) {
            write(name, song);
        }
        write("b/notes.txt", "Turdus merula sang from the roof until nine.\n".getBytes(UTF_8));
        write("b/nothing.dat");
        write("e/page.png", new byte[] {(byte) 0x89, 'P', 'N', 'G', 13, 10, 26, 10, 0, 0, 0, 13, 'I', 'H', 'D', 'R'});

        FoundFiles found = AudioFiles.search(folder);

        assertRecordings("[a, b/1.xyz, b/2.WAV, c/d/e.w.tar.gz, c/list.txt]", found);
        assertLeftOut("""
                b/notes.txt NOT_AUDIO its content is no audio
                b/nothing.dat NOT_AUDIO is empty (0 bytes)
                e EMPTY_FOLDER a folder without a recording
                e/page.png NOT_AUDIO its content looks like piped png sequence
                """, found, reason -> reason.split(" format| that FFmpeg|;", -1)[0]);
    }

    @Test
    void goesOnBehindACodingThatIsNotKnown() throws IOException {
        write("b.dat", song);
        byte[] unknown = song.clone();
        unknown[20] = 0x77;
        unknown[21] = 0x77;
        write("a.dat", unknown);
        int open = FfmpegContainer.openCount();
        FoundFiles found = AudioFiles.search(folder);
        assertRecordings("[b.dat]", found);
        assertLeftOut("a.dat NOT_AUDIO its sound has a coding that FFmpeg does not know\n", found, reason -> reason);
        assertEquals(open, FfmpegContainer.openCount());
    }

    // They are opened once, when they are decoded.
    @Test
    void takesTheUsualEndingsAtTheirWord() throws IOException {
        write("broken.Flac");
        write("broken.wav");
        write("wav");
        assertRecordings("[broken.Flac, broken.wav]", AudioFiles.search(folder));
    }

    @Test
    void leavesOutHiddenFilesAndFolders() throws IOException {
        write(".a.wav", song);
        write(".git/x.wav", song);
        write("b.wav", song);
        FoundFiles found = AudioFiles.search(folder);
        assertRecordings("[b.wav]", found);
        assertLeftOut("""
                .a.wav HIDDEN hidden
                .git HIDDEN hidden
                """, found, reason -> reason);
        assertRecordings("[x.wav]", AudioFiles.search(folder.resolve(".git")), folder.resolve(".git"));
    }

    @Test
    void followsLinksAndNamesThoseThatLeadBackOrNowhere() throws IOException {
        write("within/species/a.wav", song);
        write("elsewhere/b.wav", song);
        Path start = folder.resolve("within");
        link("within/species/back", start);
        link("within/species/far-back", folder);
        link("within/aside", start.resolve("species"));
        link("within/species/c.wav", folder.resolve("elsewhere/b.wav"));
        link("within/nowhere", folder.resolve("gone"));
        link("within/itself", start.resolve("itself"));
        link("within/out", folder.resolve("elsewhere"));
        link("within/out-again", folder.resolve("elsewhere"));
        link("elsewhere/home", start);

        FoundFiles found = AudioFiles.search(start);

        assertRecordings("[within/out/b.wav, within/species/a.wav, within/species/c.wav]", found);
        Path real = folder.toRealPath();
        String already = ", which is searched already";
        assertLeftOut(
                "within/aside LOOP a link to " + real.resolve("within/species") + already + "\n"
                        + "within/itself DANGLING_LINK a link that leads nowhere\n"
                        + "within/nowhere DANGLING_LINK a link that leads nowhere\n"
                        + "within/out-again LOOP a link to " + real.resolve("elsewhere") + already + "\n"
                        + "within/out/home LOOP a link to " + real.resolve("within") + already + "\n"
                        + "within/species/back LOOP a link to " + real.resolve("within") + already + "\n"
                        + "within/species/far-back LOOP a link to " + real + already + "\n",
                found,
                reason -> reason);
    }

    // Each reaches all others, by more paths than a search could ever walk.
    @Test
    @Timeout(60)
    void entersEachFolderOnce() throws IOException {
        for (int each = 0; each < 20; each++) {
            write(each + "/" + each + ".wav", song);
            for (int other = 0; other < 20; other++) {
                link(each + "/to-" + other, folder.resolve("" + other));
            }
        }
        FoundFiles all = AudioFiles.search(folder);
        assertEquals(20, all.recordings().size());
        assertEquals(400, all.leftOut().size());
        FoundFiles one = AudioFiles.searchWithin(folder, folder.resolve("7"));
        assertEquals(20, one.recordings().size());
    }

    @Test
    @Timeout(60)
    @EnabledOnOs({OS.LINUX, OS.MAC})
    void passesOverPipesAndRefusesThemByName() throws Exception {
        Path pipe = folder.resolve("pipe.wav");
        assertEquals(0, new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor());
        write("song.wav", song);
        FoundFiles found = AudioFiles.search(folder);
        assertRecordings("[song.wav]", found);
        assertLeftOut("pipe.wav NO_FILE a pipe, a socket or a device\n", found, reason -> reason);
        String refusal = pipe + ": is a pipe or a device; a recording in a file is expected";
        assertMessage(refusal, pipe);
        assertEquals(
                refusal,
                assertThrows(AudioException.class, () -> PcmStream.open(AudioSource.of(pipe), 22_050))
                        .getMessage());
    }

    @Test
    @EnabledOnOs({OS.LINUX, OS.MAC})
    void goesOnBesideWhatCannotBeRead() throws IOException {
        write("closed/a.wav", song);
        write("closed-file.dat", song);
        write("closed-file.wav", song);
        write("open/b.wav", song);
        var nothing = PosixFilePermissions.fromString("---------");
        Files.setPosixFilePermissions(folder.resolve("closed"), nothing);
        Files.setPosixFilePermissions(folder.resolve("closed-file.dat"), nothing);
        Files.setPosixFilePermissions(folder.resolve("closed-file.wav"), nothing);
        try {
            assumeFalse(Files.isReadable(folder.resolve("closed")), "this user may read everything");
            FoundFiles found = AudioFiles.search(folder);
            assertRecordings("[open/b.wav]", found);
            assertLeftOut("""
                    closed UNREADABLE cannot be read by this user
                    closed-file.dat UNREADABLE cannot be read by this user
                    closed-file.wav UNREADABLE cannot be read by this user
                    """, found, reason -> reason);
        } finally {
            Files.setPosixFilePermissions(folder.resolve("closed"), PosixFilePermissions.fromString("rwx------"));
        }
    }

    @Test
    void takesAFileGivenDirectlyWhateverItIs() throws IOException {
        Path file = write(".recording");
        assertEquals(new FoundFiles(List.of(file), List.of()), AudioFiles.search(file));
    }

    @Test
    void refusesAnEmptyName() {
        assertMessage("'': is no name of a file or folder", Path.of(""));
    }

    @Test
    void refusesWhatIsNotThere() {
        Path missing = folder.resolve("birds");
        assertMessage(missing + ": there is no such file or folder", missing);
    }

    @Test
    void reportsInOneLineAndNamesTheFirst() {
        assertEquals(List.of(), LeftOut.report(List.of()));
        List<LeftOut> many = IntStream.range(0, 12)
                .mapToObj(i -> new LeftOut(
                        Path.of("f" + i), i % 2 == 0 ? LeftOut.Kind.NOT_AUDIO : LeftOut.Kind.OUTSIDE, "for a reason"))
                .toList();
        List<String> lines = LeftOut.report(many);
        assertEquals("left out: not audio 6, outside the species' folders 6", lines.getFirst());
        assertEquals("  f9: for a reason", lines.get(10));
        assertEquals("  and 2 more", lines.get(11));
        assertEquals(12, lines.size());
    }

    private Path write(String name, byte... content) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        return Files.write(file, content);
    }

    private void link(String name, Path target) throws IOException {
        Files.createSymbolicLink(folder.resolve(name), target);
    }

    private void assertMessage(String expected, Path searched) {
        assertEquals(
                expected,
                assertThrows(AudioException.class, () -> AudioFiles.search(searched))
                        .getMessage());
    }

    private void assertRecordings(String expected, FoundFiles found) {
        assertRecordings(expected, found, folder);
    }

    private static void assertRecordings(String expected, FoundFiles found, Path below) {
        assertEquals(
                expected,
                found.recordings().stream().map(below::relativize).toList().toString());
    }

    private void assertLeftOut(String expected, FoundFiles found, Function<String, String> shortened) {
        StringBuilder lines = new StringBuilder();
        found.leftOut()
                .forEach(each -> lines.append(folder.relativize(each.path()))
                        .append(' ')
                        .append(each.kind().name())
                        .append(' ')
                        .append(shortened.apply(each.reason()))
                        .append('\n'));
        assertEquals(expected, lines.toString());
    }
}
