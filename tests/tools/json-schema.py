#!/usr/bin/env python3
"""Compares JSON objects with the list of members in a manual page.

usage: json-schema.py PAGE SUBSECTION [MEMBER] <OBJECTS

An item of the list is ".It Cm NAME Pq TYPE[, UNIT]"; the word "Absent" in its
text says that objects may lack the member.  Reports each name that only the
page or only an object has, each value of another type, each member that is
missing although its text does not allow it, or that never is missing although
it does, and each text that occurs in one form only: as a string, or as an
object with base64.  With MEMBER, the objects in that array are compared.
"""
import base64
import json
import re
import sys

TIME = re.compile(r'\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}(Z|[-+]\d\d:\d\d)')
faults = []


def read_schema(page, subsection):
    members, name, inside = {}, None, False
    for line in open(page, encoding='utf-8'):
        if line.startswith(('.Ss ', '.Sh ')):
            inside = line.split(None, 1)[1].strip() == subsection
        item = re.match(r'\.It Cm (\w+) Pq ([a-z0-9 ]+)', line)
        if inside and item:
            name = item[1]
            if name in members:
                faults.append(f'{name}: twice in the page')
            members[name] = {'type': item[2].strip(), 'absent': False,
                             'seen': 0, 'forms': set()}
        elif inside and name and re.match(r'Absent\b', line):
            members[name]['absent'] = True
    return members


def is_text(value, forms):
    if isinstance(value, str):
        forms.add('string')
        return True
    if not isinstance(value, dict) or set(value) != {'base64'}:
        return False
    forms.add('base64')
    try:
        base64.b64decode(value['base64'], validate=True).decode('utf-8')
    except UnicodeDecodeError:
        return True
    return False


def has_type(value, kind, forms):
    if kind.startswith('array of '):
        return isinstance(value, list) and all(
            has_type(each, kind[len('array of '):].rstrip('s'), forms)
            for each in value)
    return {'number': lambda: type(value) in (int, float),
            'string': lambda: isinstance(value, str),
            'time': lambda: isinstance(value, str) and TIME.fullmatch(value),
            'boolean': lambda: isinstance(value, bool),
            'true': lambda: value is True,
            'object': lambda: isinstance(value, dict),
            'text': lambda: is_text(value, forms)}[kind]()


def no_name_twice(pairs):
    names = [name for name, _ in pairs]
    for name in set(names):
        if names.count(name) > 1:
            faults.append(f'{name}: twice in one object')
    return dict(pairs)


def compare(members, objects):
    for each in objects:
        for name, value in each.items():
            if name not in members:
                faults.append(f'{name}: not in the page')
                continue
            member = members[name]
            member['seen'] += 1
            if not has_type(value, member['type'], member['forms']):
                faults.append(f'{name}: no {member["type"]}: {value!r}')
    for name, member in members.items():
        if not member['seen']:
            faults.append(f'{name}: in no object')
        elif member['seen'] < len(objects) and not member['absent']:
            faults.append(f'{name}: absent, which the page does not say')
        elif member['seen'] == len(objects) and member['absent']:
            faults.append(f'{name}: never absent')
        if 'text' in member['type'] and len(member['forms']) != 2:
            faults.append(f'{name}: not in both forms of a text')


page, subsection, *inner = sys.argv[1:]
members = read_schema(page, subsection)
objects = [json.loads(line, object_pairs_hook=no_name_twice)
           for line in sys.stdin]
for member in inner:
    objects = [part for each in objects for part in each.get(member, [])]
if not members or not objects:
    faults.append('nothing to compare')
compare(members, objects)
for fault in sorted(set(faults)):
    print(f'# {subsection}: {fault}')
sys.exit(bool(faults))
