use std::collections::BTreeMap;

use super::*;
use crate::exercise::exercises;

fn pose(text: &str) -> Pose {
    let file: PoseFile = toml::from_str(text).expect("a pose");
    file.build(&BTreeMap::new()).expect("a pose that can be taken")
}

fn refusal(text: &str) -> PoseError {
    let file: PoseFile = toml::from_str(text).expect("a pose");
    match file.build(&BTreeMap::new()) {
        Err(error) => error,
        Ok(pose) => Skeleton::of(&pose).expect_err(text),
    }
}

fn near(a: f64, b: f64) -> bool {
    (a - b).abs() < 1e-9
}

/// Every posed body of the table, with the name of its exercise.
fn bodies() -> impl Iterator<Item = (String, &'static Pose, &'static Skeleton)> {
    exercises().iter().flat_map(|exercise| {
        exercise.poses.iter().enumerate().map(|(frame, pose)| {
            let body = exercise.row().body(frame).expect("a body for each pose");
            (format!("{} {frame}", exercise.id), pose, body)
        })
    })
}

#[test]
fn a_standing_figure_has_the_heights_of_the_source() {
    let body = Skeleton::of(&Pose::default()).expect("standing");
    for (joint, share) in [
        (Joint::Hip, 0.530),
        (Joint::NearKnee, 0.285),
        (Joint::NearAnkle, 0.039),
        (Joint::Shoulder, 0.818),
        (Joint::Head, 0.935),
    ] {
        let height = body.joint(joint).y / STATURE;
        assert!((height - share).abs() < 1e-3, "{joint:?}: {height} for {share}");
    }
    let top = body.skull();
    assert!((top.at.y + top.radius - STATURE).abs() < 0.2);
    // A hanging hand ends .186 + .146 + .108 of stature below the shoulder.
    let fingers = body.near_arm.fingers.y - 1.9;
    assert!((fingers / STATURE - (0.818 - 0.440)).abs() < 1e-3, "{fingers}");
}

#[test]
fn angles_turn_the_limbs_the_way_the_joints_go() {
    let body = Skeleton::of(&pose("near_leg = [90, 90, 0]\nnear_arm = [90, 90, 0]")).expect("a pose");
    let (leg, arm) = (body.near_leg, body.near_arm);
    assert!(leg.knee.x > leg.hip.x && near(leg.knee.y, leg.hip.y), "the thigh goes forward");
    assert!(near(leg.ankle.x, leg.knee.x) && leg.ankle.y < leg.knee.y, "the shank hangs");
    assert!(leg.toe.x > leg.heel.x, "the toes point forward");
    assert!(arm.elbow.x > arm.shoulder.x && arm.wrist.y > arm.elbow.y, "the forearm goes up");
    let back = Skeleton::of(&pose("trunk = 180")).expect("on the back");
    assert!(near(back.gaze, 90.0), "lying on the back the face looks up");
    let belly = Skeleton::of(&pose("trunk = 0\nleg = [0, 0, -80]")).expect("on the belly");
    assert!(near(belly.gaze, -90.0), "lying on the belly the face looks down");
}

#[test]
fn joints_stay_connected_in_every_pose() {
    let lengths = [0.245, 0.246, 0.186, 0.146].map(|share| share * STATURE);
    for (name, pose, body) in bodies() {
        let spine: f64 = body.spine.windows(2).map(|pair| pair[0].distance(pair[1])).sum();
        assert!(near(spine, 0.288 * STATURE), "{name}: the trunk is {spine} long");
        assert!(near(body.spine[8].distance(body.head), 0.117 * STATURE), "{name}: neck");
        for (limb, leg) in [(pose.near_leg, body.near_leg), (pose.far_leg, body.far_leg)] {
            assert_eq!(leg.hip, body.spine[0], "{name}");
            let [a, b] = shares(limb);
            assert!(near(leg.hip.distance(leg.knee), a * lengths[0]), "{name}: thigh");
            assert!(near(leg.knee.distance(leg.ankle), b * lengths[1]), "{name}: shank");
        }
        for (limb, arm) in [(pose.near_arm, body.near_arm), (pose.far_arm, body.far_arm)] {
            assert_eq!(arm.shoulder, body.spine[8], "{name}");
            let [a, b] = shares(limb);
            assert!(near(arm.shoulder.distance(arm.elbow), a * lengths[2]), "{name}: upper arm");
            assert!(near(arm.elbow.distance(arm.wrist), b * lengths[3]), "{name}: forearm");
        }
    }
}

fn shares(limb: Limb) -> [f64; 2] {
    if let Limb::Angles(_, shares) = limb { shares } else { [1.0; 2] }
}

#[test]
fn no_joint_bends_further_than_a_person_can() {
    for (name, pose, body) in bodies() {
        for bend in [pose.lumbar, pose.thorax] {
            assert!((-45.0..=40.0).contains(&bend), "{name}: trunk {bend}");
        }
        for leg in [body.near_leg, body.far_leg] {
            let [hip, knee, ankle] = leg.angles;
            assert!((-30.0..=136.0).contains(&hip), "{name}: hip {hip}");
            assert!((-3.0..=152.0).contains(&knee), "{name}: knee {knee}");
            // Lying on the back of the foot, the toes take part.
            assert!((-88.0..=32.0).contains(&ankle), "{name}: ankle {ankle}");
        }
        for arm in [body.near_arm, body.far_arm] {
            let [shoulder, elbow, _] = arm.angles;
            assert!((-130.0..=185.0).contains(&shoulder), "{name}: shoulder {shoulder}");
            assert!((-0.5..=152.0).contains(&elbow), "{name}: elbow {elbow}");
        }
    }
}

#[test]
fn nothing_goes_through_the_floor_and_nobody_floats() {
    for (name, pose, body) in bodies() {
        let lowest = body.circles().iter().map(|c| c.at.y - c.radius).fold(f64::INFINITY, f64::min);
        match pose.on {
            Ground::Floor => assert!(lowest.abs() < 0.75, "{name}: {lowest} over the floor"),
            Ground::Bed => assert!((lowest - SEAT_HEIGHT).abs() < 0.75, "{name}: {lowest} on the bed"),
            Ground::Seat => {
                assert!(lowest.abs() < 1.5, "{name}: the feet are {lowest} over the floor");
                let seat = body.joint(Joint::Hip).y - 9.6;
                assert!((seat - SEAT_HEIGHT).abs() < 1.5, "{name}: {seat} on the seat");
            }
            Ground::Above => assert!(lowest > 10.0, "{name}: seen from above"),
        }
    }
}

#[test]
fn planted_feet_and_hands_are_flat_on_the_floor() {
    let mut seen = 0;
    for (name, pose, body) in bodies() {
        for (limb, leg) in [(pose.near_leg, body.near_leg), (pose.far_leg, body.far_leg)] {
            if matches!(limb, Limb::Planted(_)) {
                assert!((leg.heel.y - 3.0).abs() < 1e-6, "{name}: heel at {}", leg.heel.y);
                assert!((leg.toe.y - 2.1).abs() < 1e-6, "{name}: toe at {}", leg.toe.y);
                seen += 1;
            }
        }
        for (limb, arm) in [(pose.near_arm, body.near_arm), (pose.far_arm, body.far_arm)] {
            if matches!(limb, Limb::Planted(_)) {
                assert!((arm.wrist.y - arm.fingers.y).abs() < 1e-6, "{name}: the palm is flat");
                assert!((arm.wrist.y - 2.8).abs() < 1e-6, "{name}: wrist at {}", arm.wrist.y);
                seen += 1;
            }
        }
    }
    assert!(seen > 40, "{seen}");
}

#[test]
fn reaching_hands_are_where_they_should_be() {
    let mut seen = 0;
    for (name, pose, body) in bodies() {
        for (limb, arm) in [(pose.near_arm, body.near_arm), (pose.far_arm, body.far_arm)] {
            if let Limb::Reach(place) = limb {
                let miss = arm.wrist.distance(body.joint(place));
                assert!(miss < 6.0, "{name}: the hand misses {place:?} by {miss}");
                seen += 1;
            }
        }
    }
    assert!(seen > 10, "{seen}");
}

#[test]
fn everything_lies_inside_the_picture() {
    for exercise in exercises() {
        for (frame, (_, svg)) in exercise.pictures(crate::Language::English, "t").iter().enumerate() {
            for circle in exercise.row().outline(frame) {
                let (x, y, r) = (circle.at.x, circle.at.y, circle.radius);
                let inside = x - r >= 1.0 && x + r <= WIDTH - 1.0 && y - r >= 1.0 && y + r <= HEIGHT - 1.0;
                assert!(inside, "{} {frame}: {circle:?}", exercise.id);
            }
            for rect in svg.split("<rect ").skip(1) {
                let number = |name: &str| -> f64 {
                    let (_, rest) = rect.split_once(&format!("{name}=\"")).expect(name);
                    rest.split('"').next().expect("a value").parse().expect("a number")
                };
                assert!(
                    number("x") >= 0.0 && number("x") + number("width") <= WIDTH,
                    "{}: {rect}",
                    exercise.id
                );
                assert!(
                    number("y") >= 0.0 && number("y") + number("height") <= HEIGHT,
                    "{}: {rect}",
                    exercise.id
                );
            }
        }
    }
}

#[test]
fn a_figure_that_faces_left_is_the_mirror_image() {
    let file = "trunk = 60\nnear_leg = [97, 83]\nfar_leg = [60, 40]\narm = [112, 4, 0]";
    let right = pose(file);
    let left = Pose { face: Side::Left, ..right.clone() };
    let outline = |pose: Pose| Row::new(&[pose], Joint::Hip, &[]).expect("a row").outline(0);
    let (right, left) = (outline(right), outline(left));
    assert_eq!(right.len(), left.len());
    for (a, b) in right.iter().zip(&left) {
        assert!(near(a.at.x + b.at.x, WIDTH) && near(a.at.y, b.at.y) && near(a.radius, b.radius));
    }
}

#[test]
fn what_is_fixed_stays_where_it_is_from_frame_to_frame() {
    let row =
        Row::new(&[pose(""), pose("trunk = 50\nleg = [80, 60]")], Joint::NearAnkle, &[]).expect("a row");
    let ankle = |frame: usize| {
        let index = row.body(frame).expect("a body").trunk_circles().len() + 5;
        row.outline(frame)[index].at
    };
    assert!(ankle(0).distance(ankle(1)) < 1e-6, "{:?} {:?}", ankle(0), ankle(1));
}

#[test]
fn every_drawing_is_whole_named_and_without_nonsense() {
    let mut ids = std::collections::BTreeSet::new();
    for exercise in exercises() {
        for (_, svg) in exercise.pictures(crate::Language::German, "p") {
            assert!(svg.starts_with("<svg ") && svg.ends_with("</svg>"), "{}", exercise.id);
            assert!(svg.contains("viewBox=\"0 0 220 190\"") && svg.contains("role=\"img\""));
            assert!(!svg.contains("NaN") && !svg.contains("inf") && !svg.contains("-0 "), "{}", exercise.id);
            assert_eq!(svg.matches("<g").count(), svg.matches("</g>").count(), "{}", exercise.id);
            let (_, rest) = svg.split_once("<title id=\"").expect("a title");
            let (id, rest) = rest.split_once("\">").expect("an id");
            assert!(ids.insert(id.to_owned()), "{id} twice");
            assert!(!rest.starts_with('<') && rest.contains("<desc id=\""), "{id}");
        }
    }
}

#[test]
fn words_cannot_break_out_of_the_drawing() {
    let row = Row::new(&[Pose::default()], Joint::Hip, &[]).expect("a row");
    let svg = row.svg(0, "a\"b", "<script>", "fish & \"chips\"\n");
    assert!(!svg.contains("<script>") && svg.contains("&lt;script&gt;"));
    assert!(svg.contains("a&quot;b-t") && svg.contains("fish &amp; &quot;chips&quot; </desc>"));
    assert_eq!(row.svg(1, "a", "b", "c"), "");
}

#[test]
fn a_pose_that_cannot_be_taken_is_refused_in_words() {
    assert_eq!(refusal("base = \"none\""), PoseError::NoBase("none".into()));
    assert_eq!(refusal("leg = [0, 0, 0, 0]"), PoseError::Limb);
    assert_eq!(refusal("leg = [400]"), PoseError::Limb);
    assert_eq!(refusal("arm = [0, 0, 0, 2, 1]"), PoseError::Limb);
    assert_eq!(refusal("trunk = 1000"), PoseError::Angle("trunk"));
    assert_eq!(refusal("neck = nan"), PoseError::Angle("neck"));
    assert_eq!(refusal("near_leg = [100]"), PoseError::OutOfReach("foot"));
    assert_eq!(refusal("arm = [0]"), PoseError::OutOfReach("hand"));
    assert_eq!(refusal("near_hand = \"near_toe\""), PoseError::OutOfReach("hand"));
    let circle: PoseFile = toml::from_str("base = \"a\"").expect("a pose");
    let bases = BTreeMap::from([("a".to_owned(), circle.clone())]);
    assert_eq!(circle.build(&bases), Err(PoseError::LongChain("a".into())));
}

#[test]
fn a_pose_takes_from_its_base_what_it_does_not_say() {
    let base: PoseFile = toml::from_str("trunk = 180\nleg = [45]\nprops = [\"bed\"]").expect("a pose");
    let bases = BTreeMap::from([("lying".to_owned(), base)]);
    let file: PoseFile = toml::from_str("base = \"lying\"\nnear_leg = [90, 90, 0]").expect("a pose");
    let pose = file.build(&bases).expect("a pose");
    assert_eq!((pose.trunk, pose.far_leg), (180.0, Limb::Planted(45.0)));
    assert_eq!(pose.near_leg, Limb::Angles([90.0, 90.0, 0.0], [1.0; 2]));
    assert_eq!(pose.props, [Prop::Bed]);
}
